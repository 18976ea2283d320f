using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Trunkline.Node.Network.Secondary;

namespace Trunkline.Node.Pods.Networks;

/// <summary>
/// From a NetworkAttachmentDefinition's CNI configuration and what a Pod asks for to the interface as it shall be. What this node does not serve is refused in words
/// that say what to do; nothing asked for is left out in silence. Pure.
/// </summary>
internal static class NetworkConfigReader
{
    /// <summary>The link to the second rack, and a node's bridge on the third (docs/architecture.md).</summary>
    public const string DefaultMaster = "eth1";
    private static readonly string[] s_masters = ["eth0", DefaultMaster];

    // A node's own links: cables of Pods (which the node's rules know by their p), uplinks, and the bridge of load balancers; the rest are no names but words of the kernel's.
    private static readonly string[] s_own = ["p", "eth"];
    private static readonly string[] s_reserved = ["lo", "lb0", "all", "default", "bonding_masters"];
    private static readonly string[] s_modes = ["bridge", "private", "vepa", "passthru"];

    public static SecondaryLink Read(NetworkSelection selection, string? config)
    {
        if (string.IsNullOrWhiteSpace(config))
        {
            throw Refused(selection, "has no spec.config; this node keeps no CNI configuration files of its own, so write it there");
        }

        try
        {
            using var document = JsonDocument.Parse(config, new JsonDocumentOptions { MaxDepth = 16 });
            var plugin = Plugin(selection, document.RootElement);
            if (NetworkConfigFields.Refusal(document.RootElement, plugin) is { } refusal)
            {
                throw Refused(selection, refusal);
            }

            return Link(selection, plugin);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            throw new NetworkAttachmentException($"network {selection.FullName}: spec.config is no CNI configuration: {exception.Message}", exception);
        }
    }

    // A configuration list has its plugins in an array; one that only adds to the first is more than this node does.
    private static JsonElement Plugin(NetworkSelection selection, JsonElement root)
    {
        if (!root.TryGetProperty("plugins", out var plugins))
        {
            return root;
        }

        return plugins.GetArrayLength() == 1
            ? plugins[0]
            : throw Refused(selection, $"chains {plugins.GetArrayLength()} plugins; this node runs one: leave only macvlan or bridge");
    }

    private static SecondaryLink Link(NetworkSelection selection, JsonElement plugin)
    {
        var addresses = Addresses(selection, plugin);
        var link = Text(plugin, "type") switch
        {
            "macvlan" => Macvlan(selection, plugin),
            "bridge" => Bridge(selection, plugin),
            var type => throw Refused(selection, $"is of type \"{type}\", which this node does not serve; use \"macvlan\" (master eth1) or \"bridge\" (bridge br1)"),
        };
        var sets = Text(Ipam(plugin), "type") == HostLocal.Type ? HostLocalReader.Sets(Ipam(plugin)!.Value, words => Refused(selection, words)) : [];
        var gateways = addresses.Select(address => address.Gateway).Concat(sets.Select(set => (IPAddress?)set[0].Gateway)).OfType<IPAddress>().ToList();
        return link with
        {
            Mtu = Mtu(selection, plugin),
            Mac = Mac(selection, plugin),
            Addresses = addresses,
            Ranges = sets,
            Routes = [.. Items(Ipam(plugin), "routes").Select(route => Route(selection, route, gateways))],
            DefaultRoute = [.. selection.DefaultRoute.Select(text => Address(selection, "default-route", text))],
        };
    }

    private static SecondaryLink Macvlan(NetworkSelection selection, JsonElement plugin)
    {
        var master = Text(plugin, "master") ?? DefaultMaster;
        var mode = Text(plugin, "mode") ?? "bridge";
        if (!s_masters.Contains(master))
        {
            throw Refused(selection, $"has master \"{master}\"; a node's uplinks are eth1 (the second rack, for secondary networks) and eth0");
        }

        return s_modes.Contains(mode)
            ? new SecondaryLink(selection.FullName, selection.Interface!, SecondaryKind.Macvlan, master) { Mode = mode }
            : throw Refused(selection, $"has mode \"{mode}\"; macvlan knows {string.Join(", ", s_modes)}");
    }

    private static SecondaryLink Bridge(NetworkSelection selection, JsonElement plugin)
    {
        var name = Text(plugin, "bridge") ?? "cni0";
        if (!NetworkSelectionReader.IsInterfaceName(name) || s_own.Any(own => name.StartsWith(own, StringComparison.Ordinal)) || s_reserved.Contains(name) || name.Length == 15)
        {
            throw Refused(selection, $"has bridge \"{name}\", which cannot be a bridge's name here; br1 is the one that reaches the other nodes");
        }

        return new SecondaryLink(selection.FullName, selection.Interface!, SecondaryKind.Bridge, name)
        {
            Hairpin = NetworkConfigFields.IsSet(plugin, "hairpinMode"),
            Isolated = NetworkConfigFields.IsSet(plugin, "portIsolation"),
        };
    }

    private static List<SecondaryAddress> Addresses(NetworkSelection selection, JsonElement plugin)
    {
        var ipam = Ipam(plugin);
        var type = Text(ipam, "type");
        if (type is not (null or "static" or HostLocal.Type))
        {
            throw Refused(selection, $"has ipam of type \"{type}\", which this node does not serve; use \"static\" with addresses, or with capability ips and each Pod's own, or \"host-local\"");
        }

        if (type == HostLocal.Type)
        {
            return selection.Addresses.Count == 0 ? [] : throw Refused(selection, "has ipam of type \"host-local\", which chooses addresses itself; leave ips out, or use \"static\"");
        }

        if (selection.Addresses.Count > 0)
        {
            Require(selection, plugin, "ips");
            return type is null
                ? throw Refused(selection, "has no ipam, and the Pod asks for ips; add \"ipam\": {\"type\": \"static\"}")
                : [.. selection.Addresses.Select(text => Prefixed(selection, "ips", text, null))];
        }

        var addresses = Items(ipam, "addresses").Select(item => Prefixed(selection, "ipam.addresses", Text(item, "address") ?? "",
            Text(item, "gateway") is { } gateway ? Address(selection, "gateway", gateway) : null)).ToList();
        return type is null || addresses.Count > 0
            ? addresses
            : throw Refused(selection, "has static ipam without addresses, and the Pod asks for none; give ipam.addresses, or ips in the Pod's annotation");
    }

    private static SecondaryRoute Route(NetworkSelection selection, JsonElement route, IReadOnlyList<IPAddress> gateways)
    {
        var text = Text(route, "dst") ?? "";
        var destination = NetworkText.Network(text) ?? throw Refused(selection, $"has a route to \"{text}\", which is no network with its prefix length");

        // Without gw the network's own gateway is meant (CNI: Result types, routes).
        var family = destination.BaseAddress.AddressFamily;
        var gateway = Text(route, "gw") is { } own ? Address(selection, "gw", own) : gateways.FirstOrDefault(address => address.AddressFamily == family);
        return gateway is null || gateway.AddressFamily == family
            ? new SecondaryRoute(destination, gateway)
            : throw Refused(selection, $"has a route to {destination} by {gateway}, which is of the other family");
    }

    private static SecondaryAddress Prefixed(NetworkSelection selection, string field, string text, IPAddress? gateway)
    {
        var parts = text.Split('/');
        var address = Address(selection, field, parts[0]);
        return parts.Length == 2 && int.TryParse(parts[1], out var length) && length > 0 && length <= (address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128)
            ? new SecondaryAddress(address, length, gateway)
            : throw Refused(selection, $"has {field} \"{text}\"; an address needs its prefix length, as in 192.0.2.1/24");
    }

    private static IPAddress Address(NetworkSelection selection, string field, string text) =>
        NetworkText.Address(text) ?? throw Refused(selection, $"has {field} \"{text}\", which is no address");

    private static int Mtu(NetworkSelection selection, JsonElement plugin) =>
        !plugin.TryGetProperty("mtu", out var value) || value.GetInt32() is var mtu && mtu == 0 ? 0
        : mtu is >= 68 and <= 65535 ? mtu
        : throw Refused(selection, $"has mtu {mtu}; from 68 to 65535 there are some, or 0 for the uplink's");

    private static string? Mac(NetworkSelection selection, JsonElement plugin)
    {
        if (selection.Mac is not { } mac)
        {
            return null;
        }

        Require(selection, plugin, "mac");
        var octets = mac.Split(':', '-');
        return octets.Length == 6 && octets.All(octet => octet.Length == 2 && octet.All(char.IsAsciiHexDigit)) && (Convert.ToByte(octets[0], 16) & 1) == 0
            ? string.Join('-', octets).ToUpperInvariant()
            : throw Refused(selection, $"is asked for with mac \"{mac}\", which is no hardware address of one host");
    }

    // libcni hands a Pod's wish only to a plugin whose configuration says that it takes it; elsewhere it would be dropped in silence.
    private static void Require(NetworkSelection selection, JsonElement plugin, string capability)
    {
        if (!plugin.TryGetProperty("capabilities", out var all) || !NetworkConfigFields.IsSet(all, capability))
        {
            throw Refused(selection, $"is asked for with {capability}, but its configuration does not take them; add \"capabilities\": {{\"{capability}\": true}}");
        }
    }

    private static JsonElement? Ipam(JsonElement plugin) => plugin.TryGetProperty("ipam", out var ipam) && ipam.EnumerateObject().Any() ? ipam : null;

    private static JsonElement.ArrayEnumerator Items(JsonElement? parent, string name) =>
        parent is { } item && item.TryGetProperty(name, out var list) && list.ValueKind != JsonValueKind.Null ? list.EnumerateArray() : default;

    private static string? Text(JsonElement? parent, string name) =>
        parent is { } item && item.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null && value.GetString() is { Length: > 0 } text ? text : null;

    private static NetworkAttachmentException Refused(NetworkSelection selection, string what) => new($"network {selection.FullName} {what}.");
}
