using System.Net;
using System.Text.Json;
using Trunkline.Policy.Model;

namespace Trunkline.Policy.Tests;

/// <summary>Reads a case's cluster.json; policies are written as Kubernetes writes their spec.</summary>
internal static class CaseReader
{
    public static PolicyCluster Read(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        var root = document.RootElement;
        return new PolicyCluster(
            [.. Items(root, "namespaces").Select(Namespace)], [.. Items(root, "pods").Select(Pod)], [.. Items(root, "policies").Select(Policy)],
            [.. Items(root, "nodes").Select(node => new PolicyNode(Text(node, "name")!, [.. Texts(node, "addresses").Select(IPAddress.Parse)]))]);
    }

    private static PolicyNamespace Namespace(JsonElement item)
    {
        var labels = Map(item, "labels");
        labels["kubernetes.io/metadata.name"] = Text(item, "name")!;
        return new PolicyNamespace(Text(item, "name")!, labels);
    }

    private static PolicyPod Pod(JsonElement item) => new(Text(item, "namespace")!, Text(item, "name")!)
    {
        Addresses = [IPAddress.Parse(Text(item, "address")!)],
        NodeName = Text(item, "node"),
        Labels = Map(item, "labels"),
        HostNetwork = item.TryGetProperty("hostNetwork", out _),
        Completed = item.TryGetProperty("completed", out _),
        Ports = [.. Items(item, "ports").Select(p => new NamedPort(Text(p, "name")!, Protocols.Parse(Text(p, "protocol"))!.Value, p.GetProperty("number").GetInt32()))],
    };

    private static NetworkPolicy Policy(JsonElement item)
    {
        var spec = item.GetProperty("spec");
        return new NetworkPolicy(Text(item, "namespace")!, Text(item, "name")!)
        {
            PodSelector = Selector(spec, "podSelector") ?? LabelSelector.Everything,
            PolicyTypes = [.. Texts(spec, "policyTypes").Select(Enum.Parse<TrafficDirection>)],
            Ingress = [.. Items(spec, "ingress").Select(rule => Rule(rule, "from"))],
            Egress = [.. Items(spec, "egress").Select(rule => Rule(rule, "to"))],
        };
    }

    private static PolicyRule Rule(JsonElement rule, string peers) => new(
        [.. Items(rule, peers).Select(peer => new PolicyPeer
        {
            PodSelector = Selector(peer, "podSelector"),
            NamespaceSelector = Selector(peer, "namespaceSelector"),
            IpBlock = peer.TryGetProperty("ipBlock", out var block)
                ? new IpBlock(IPNetwork.Parse(Text(block, "cidr")!), [.. Texts(block, "except").Select(IPNetwork.Parse)])
                : null,
        })],
        [.. Items(rule, "ports").Select(Port)]);

    private static PolicyPort Port(JsonElement item) => new()
    {
        Protocol = Protocols.Parse(Text(item, "protocol"))!.Value,
        Name = item.TryGetProperty("port", out var port) && port.ValueKind == JsonValueKind.String ? port.GetString() : null,
        Number = item.TryGetProperty("port", out var number) && number.ValueKind == JsonValueKind.Number ? number.GetInt32() : null,
        EndNumber = item.TryGetProperty("endPort", out var end) ? end.GetInt32() : null,
    };

    private static LabelSelector? Selector(JsonElement parent, string name) => !parent.TryGetProperty(name, out var item) ? null : new LabelSelector
    {
        MatchLabels = Map(item, "matchLabels"),
        MatchExpressions = [.. Items(item, "matchExpressions").Select(e => new SelectorRequirement(
            Text(e, "key")!, Enum.Parse<SelectorOperator>(Text(e, "operator")!), [.. Texts(e, "values")]))],
    };

    private static List<JsonElement> Items(JsonElement parent, string name) => parent.TryGetProperty(name, out var list) ? [.. list.EnumerateArray()] : [];

    private static IEnumerable<string> Texts(JsonElement parent, string name) => Items(parent, name).Select(item => item.GetString()!);

    private static string? Text(JsonElement parent, string name) => parent.TryGetProperty(name, out var item) ? item.GetString() : null;

    private static Dictionary<string, string> Map(JsonElement parent, string name) => parent.TryGetProperty(name, out var item)
        ? item.EnumerateObject().ToDictionary(pair => pair.Name, pair => pair.Value.GetString()!)
        : [];
}
