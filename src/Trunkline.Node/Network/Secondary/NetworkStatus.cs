using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using k8s.Models;

namespace Trunkline.Node.Network.Secondary;

/// <summary>The annotation in which a node tells what networks a Pod is on, the default one first (the de-facto standard, section 5). Pure.</summary>
internal static class NetworkStatus
{
    public const string Annotation = "k8s.v1.cni.cncf.io/network-status";

    /// <summary>The name of the network that every Pod is on.</summary>
    public const string DefaultNetwork = "trunkline";

    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true, IndentSize = 4 };

    /// <summary>What a Pod's object says; null where it says nothing.</summary>
    public static string? Of(V1Pod pod) => pod.Metadata.Annotations is { } annotations && annotations.TryGetValue(Annotation, out var text) ? text : null;

    public static string Write(IReadOnlyList<string> podIps, string mac, IEnumerable<AttachedNetwork> networks)
    {
        var list = new JsonArray(Entry(DefaultNetwork, "eth0", podIps, mac, isDefault: true));
        foreach (var network in networks)
        {
            list.Add(Entry(network.Network, network.Interface, network.Addresses, network.Mac, isDefault: false));
        }

        return list.ToJsonString(s_indented);
    }

    /// <summary>The secondary networks in it. Whoever may write the Pod may write anything: what cannot be read is nothing.</summary>
    public static IReadOnlyList<AttachedNetwork> Read(string? annotation)
    {
        if (string.IsNullOrEmpty(annotation))
        {
            return [];
        }

        try
        {
            using var document = JsonDocument.Parse(annotation, new JsonDocumentOptions { MaxDepth = 16 });
            return document.RootElement.ValueKind == JsonValueKind.Array
                ? [.. document.RootElement.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object && !IsDefault(item)).Select(Network).OfType<AttachedNetwork>()]
                : [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static JsonObject Entry(string name, string link, IReadOnlyList<string> addresses, string mac, bool isDefault)
    {
        var entry = new JsonObject { ["name"] = name, ["interface"] = link };
        if (addresses.Count > 0)
        {
            entry["ips"] = new JsonArray([.. addresses.Select(address => JsonValue.Create(address))]);
        }

        entry["mac"] = mac;
        if (isDefault)
        {
            entry["default"] = true;
        }

        entry["dns"] = new JsonObject();
        return entry;
    }

    private static AttachedNetwork? Network(JsonElement item) => Text(item, "name") is { Length: > 0 } name
        ? new AttachedNetwork(name, Text(item, "interface") ?? "",
            item.TryGetProperty("ips", out var ips) && ips.ValueKind == JsonValueKind.Array
                ? [.. ips.EnumerateArray().Where(ip => ip.ValueKind == JsonValueKind.String).Select(ip => ip.GetString()!).Where(IsAddress)]
                : [],
            Text(item, "mac") ?? "")
        : null;

    private static bool IsAddress(string text) =>
        IPAddress.TryParse(text, out var address) && (address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork || address.ScopeId == 0);

    private static bool IsDefault(JsonElement item) => item.TryGetProperty("default", out var value) && value.ValueKind == JsonValueKind.True;

    private static string? Text(JsonElement item, string name) => item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
