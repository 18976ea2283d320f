using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Trunkline.Policy.Model;
using Trunkline.Policy.Reading;

namespace Trunkline.Policy.Cases.Documents;

/// <summary>Kubernetes' objects, as they are written, as the model of a cluster.</summary>
public static class ClusterDocuments
{
    public static PolicyCluster Read(IReadOnlyCollection<JsonNode> documents) => new(
        Of(documents, "Namespace").Select(Namespace),
        Of(documents, "Pod").Select(Pod),
        Of(documents, "NetworkPolicy").Select(item => NetworkPolicyReader.Read(NamespaceOf(item), NameOf(item), Spec(item))),
        Of(documents, "Node").Select(Node),
        Of(documents, "ClusterNetworkPolicy").Select(item => ClusterPolicyReader.Read(NameOf(item), Spec(item))));

    public static IEnumerable<JsonNode> Of(IEnumerable<JsonNode> documents, string kind) => documents.Where(item => (string?)item["kind"] == kind);

    public static string NameOf(JsonNode item) => (string)item["metadata"]!["name"]!;

    public static string NamespaceOf(JsonNode item) => (string?)item["metadata"]!["namespace"] ?? "";

    private static JsonElement? Spec(JsonNode item) => item["spec"] is { } spec ? JsonSerializer.SerializeToElement(spec) : null;

    private static PolicyNamespace Namespace(JsonNode item)
    {
        var labels = Labels(item);
        labels["kubernetes.io/metadata.name"] = NameOf(item);
        return new PolicyNamespace(NameOf(item), labels);
    }

    private static PolicyPod Pod(JsonNode item) => new(NamespaceOf(item), NameOf(item))
    {
        Labels = Labels(item),
        Addresses = [.. Items(item["status"]?["podIPs"]).Select(ip => IPAddress.Parse((string)ip["ip"]!))],
        NodeName = (string?)item["spec"]?["nodeName"],
        HostNetwork = (bool?)item["spec"]?["hostNetwork"] ?? false,
        Completed = (string?)item["status"]?["phase"] is "Succeeded" or "Failed",
        Ports =
        [
            .. Items(item["spec"]?["containers"]).SelectMany(container => Items(container["ports"])).Where(port => port["name"] is not null)
                .Select(port => new NamedPort((string)port["name"]!, Protocols.Parse((string?)port["protocol"])!.Value, (int)port["containerPort"]!)),
        ],
    };

    private static PolicyNode Node(JsonNode item) => new(NameOf(item), [.. Items(item["status"]?["addresses"]).Select(a => IPAddress.Parse((string)a["address"]!))])
    {
        Labels = Labels(item),
    };

    private static Dictionary<string, string> Labels(JsonNode item) =>
        item["metadata"]!["labels"]?.AsObject().ToDictionary(pair => pair.Key, pair => (string)pair.Value!, StringComparer.Ordinal) ?? [];

    private static IEnumerable<JsonNode> Items(JsonNode? list) => list?.AsArray().OfType<JsonNode>() ?? [];
}
