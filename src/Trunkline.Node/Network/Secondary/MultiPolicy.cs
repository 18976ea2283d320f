using Trunkline.Node.Network.Cluster;
using Trunkline.Policy.Model;
using Trunkline.Policy.Reading;

namespace Trunkline.Node.Network.Secondary;

/// <summary>A MultiNetworkPolicy: what a NetworkPolicy says, on the secondary networks it is for.</summary>
internal sealed record MultiPolicy(NetworkPolicy Policy, IReadOnlyList<string> Networks)
{
    /// <summary>The annotation that names the networks: "net1, ns/net2". Without it a policy is for none.</summary>
    public const string PolicyFor = "k8s.v1.cni.cncf.io/policy-for";

    public static MultiPolicy Of(PolicyObject item)
    {
        var ns = item.Metadata.NamespaceProperty ?? "";
        var names = item.Metadata.Annotations is { } annotations && annotations.TryGetValue(PolicyFor, out var text) ? text : "";
        return new MultiPolicy(
            NetworkPolicyReader.Read(ns, item.Metadata.Name ?? "", item.Spec),
            [.. names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(name => name.Contains('/', StringComparison.Ordinal) ? name : $"{ns}/{name}")]);
    }
}
