using System.Text.Json;
using k8s;
using k8s.Models;

namespace Trunkline.Node.Network.Cluster;

/// <summary>Any kind of policy as the API sends it: its <c>spec</c> is read by Trunkline.Policy, which knows kinds that the client library has no types for.</summary>
internal sealed class PolicyObject : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; } = "";

    public string Kind { get; set; } = "";

    public V1ObjectMeta Metadata { get; set; } = new();

    public JsonElement? Spec { get; set; }
}
