using System.Text.Json;
using Trunkline.Node.Network.Secondary;

namespace Trunkline.Node.Pods.Networks;

/// <summary>
/// Which fields of a CNI configuration this node serves. A field that it does not know, or knows and does not serve, is refused where it asks for anything: one left out in
/// silence may be the one that keeps a network closed. Pure.
/// </summary>
internal static class NetworkConfigFields
{
    private static readonly string[] s_list = ["cniVersion", "cniVersions", "name", "disableCheck", "disableGC", "loadOnlyInlinedPlugins", "plugins"];
    private static readonly string[] s_any = ["cniVersion", "cniVersions", "name", "type", "ipam", "capabilities", "mtu"];

    // macspoofchk is always so. preserveDefaultVlan matters with vlan alone.
    private static readonly Dictionary<string, string[]> s_served = new(StringComparer.Ordinal)
    {
        ["macvlan"] = [.. s_any, "master", "mode"],
        ["bridge"] = [.. s_any, "bridge", "hairpinMode", "macspoofchk", "portIsolation", "preserveDefaultVlan"],
        ["static"] = ["type", "addresses", "routes"],
        [HostLocal.Type] = ["type", "ranges", "routes", "subnet", "rangeStart", "rangeEnd", "gateway", "dataDir"],
    };

    private static readonly Dictionary<string, string[]> s_inside = new(StringComparer.Ordinal)
    {
        ["addresses"] = ["address", "gateway"],
        ["routes"] = ["dst", "gw"],
    };

    private static readonly Dictionary<string, string> s_why = new(StringComparer.Ordinal)
    {
        ["isGateway"] = Ethernet,
        ["isDefaultGateway"] = Ethernet,
        ["forceAddress"] = Ethernet,
        ["ipMasq"] = Ethernet,
        ["ipMasqBackend"] = Ethernet,
        ["vlan"] = Ethernet,
        ["vlanTrunk"] = Ethernet,
        ["promiscMode"] = "a bridge here hears what its ports send it",
        ["disableContainerInterface"] = "a Pod's interface is up when its first process starts",
        ["enabledad"] = "addresses are given by their network and good at once",
        ["linkInContainer"] = "what an interface stands on is the node's",
        ["dns"] = "Pods ask the cluster's DNS, or what spec.dnsConfig says",
    };

    private const string Ethernet = "a bridge here is Ethernet alone, without a node's address, translation or tags";

    /// <summary>Null where all that is asked for is served.</summary>
    public static string? Refusal(JsonElement root, JsonElement plugin) =>
        (root.TryGetProperty("plugins", out _) ? Unserved(root, s_list, "") : null)
        ?? (s_served.TryGetValue(Type(plugin), out var served) ? Unserved(plugin, served, "") : null)
        ?? (plugin.TryGetProperty("ipam", out var ipam) && s_served.TryGetValue(Type(ipam), out var ofIpam) ? Unserved(ipam, ofIpam, "ipam.") ?? Inside(ipam) : null);

    /// <summary>Whether a field is there and says anything but no, nothing or none.</summary>
    public static bool IsSet(JsonElement item, string name) => item.TryGetProperty(name, out var value) && Asks(value);

    private static string? Inside(JsonElement ipam) => s_inside
        .SelectMany(pair => ipam.TryGetProperty(pair.Key, out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object).Select(item => Unserved(item, pair.Value, $"ipam.{pair.Key}."))
            : [])
        .FirstOrDefault(refusal => refusal is not null);

    private static string? Unserved(JsonElement item, string[] served, string path) => item.EnumerateObject()
        .Where(field => !served.Contains(field.Name) && Asks(field.Value))
        .Select(field => $"asks for {path}{field.Name}, which this node does not serve" + (s_why.TryGetValue(field.Name, out var why) ? $" ({why}): leave it out" : $"; it knows {string.Join(", ", served)}"))
        .FirstOrDefault();

    private static bool Asks(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.False or JsonValueKind.Null or JsonValueKind.Undefined => false,
        JsonValueKind.Number => !value.TryGetInt32(out var number) || number != 0,
        JsonValueKind.String => value.GetString() is { Length: > 0 },
        JsonValueKind.Array => value.GetArrayLength() > 0,
        JsonValueKind.Object => value.EnumerateObject().Any(field => Asks(field.Value)),
        _ => true,
    };

    private static string Type(JsonElement item) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String ? type.GetString()! : "";
}
