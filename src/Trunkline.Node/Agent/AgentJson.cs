using System.Text.Json;
using System.Text.Json.Serialization;
using k8s;
using k8s.Models;
using Trunkline.Node.Network.Cluster;

namespace Trunkline.Node.Agent;

/// <summary>
/// The JSON of the kinds that an agent reads and writes. The client's own table knows every kind of Kubernetes, and asking it for one makes the runtime load a thousand others:
/// 5 MB of an agent's memory. What is not here is found there.
/// </summary>
[JsonSerializable(typeof(object))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(PolicyObject))]
[JsonSerializable(typeof(Authenticationv1TokenRequest))]
[JsonSerializable(typeof(Corev1Event))]
[JsonSerializable(typeof(V1ConfigMap))]
[JsonSerializable(typeof(V1DeleteOptions))]
[JsonSerializable(typeof(V1EndpointSlice))]
[JsonSerializable(typeof(V1Lease))]
[JsonSerializable(typeof(V1Namespace))]
[JsonSerializable(typeof(V1Node))]
[JsonSerializable(typeof(V1Patch))]
[JsonSerializable(typeof(V1Pod))]
[JsonSerializable(typeof(V1Secret))]
[JsonSerializable(typeof(V1Service))]
[JsonSerializable(typeof(V1Status))]
internal sealed partial class AgentJson : JsonSerializerContext
{
    /// <summary>To be called once, at the start of an agent's process: the client's options cannot be changed after their first use.</summary>
    public static void Register() => KubernetesJson.AddJsonOptions(options => options.TypeInfoResolverChain.Insert(0, Default));
}
