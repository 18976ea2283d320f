using System.Net;

namespace Trunkline.Policy.Model;

/// <summary>A node as policies see it: whatever comes from its own addresses reaches its own Pods; a ClusterNetworkPolicy can select it by its labels.</summary>
public sealed record PolicyNode(string Name, IReadOnlyList<IPAddress> Addresses)
{
    private static readonly Dictionary<string, string> s_none = [];

    public IReadOnlyDictionary<string, string> Labels { get; init; } = s_none;
}
