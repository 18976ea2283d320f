using System.Text.Json;

namespace Trunkline.Node.Pods.Networks;

/// <summary>Reads the annotation in both of its forms: <c>net1,ns/net2@eth5</c>, or a JSON list of objects. Pure.</summary>
internal static class NetworkSelectionReader
{
    private const int MostNetworks = 16;
    private static readonly string[] s_known = ["name", "namespace", "interface", "ips", "mac", "default-route"];

    public static IReadOnlyList<NetworkSelection> Read(string? annotation, string podNamespace)
    {
        var text = annotation?.Trim() ?? "";
        if (text.Length == 0)
        {
            return [];
        }

        List<NetworkSelection> networks = text[0] == '[' ? Json(text, podNamespace) : [.. text.Split(',').Select(item => Short(item.Trim(), podNamespace))];
        if (networks.Count > MostNetworks)
        {
            throw Wrong($"asks for {networks.Count} networks; a Pod can have {MostNetworks}");
        }

        return Named(networks);
    }

    // net1, net2, ... by the place in the list; a name is given once.
    private static List<NetworkSelection> Named(List<NetworkSelection> networks)
    {
        var named = networks.Select((network, index) => network with { Interface = network.Interface ?? $"net{index + 1}" }).ToList();
        foreach (var name in named.Select(network => network.Interface!))
        {
            if (!IsInterfaceName(name) || name is "lo" or "eth0" or "all" or "default")
            {
                throw Wrong($"asks for an interface \"{name}\"; a name has at most 15 letters, digits, '.', '-' and '_', and is neither lo nor eth0");
            }
        }

        return named.GroupBy(network => network.Interface).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? throw Wrong($"asks for two interfaces of the name {twice.Key}; give each its own")
            : named;
    }

    private static NetworkSelection Short(string item, string podNamespace)
    {
        var parts = item.Split('@');
        var path = parts[0].Split('/');
        return parts.Length <= 2 && path.Length <= 2 && path.All(IsObjectName)
            ? new NetworkSelection(path.Length == 2 ? path[0] : podNamespace, path[^1]) { Interface = parts.Length == 2 ? parts[1] : null }
            : throw Wrong($"has \"{item}\", which is not of the form [namespace/]name[@interface]");
    }

    private static List<NetworkSelection> Json(string text, string podNamespace)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 8 });
            return [.. document.RootElement.EnumerateArray().Select(item => Selection(item, podNamespace))];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new NetworkAttachmentException($"annotation {NetworkSelection.Annotation} is no JSON list of networks: {exception.Message}", exception);
        }
    }

    private static NetworkSelection Selection(JsonElement item, string podNamespace)
    {
        if (item.EnumerateObject().Select(field => field.Name).FirstOrDefault(field => !s_known.Contains(field)) is { } unknown)
        {
            throw Wrong($"has the field \"{unknown}\", which this node does not serve; it knows {string.Join(", ", s_known)}");
        }

        var name = Text(item, "name");
        var ns = Text(item, "namespace") ?? podNamespace;
        return IsObjectName(name) && IsObjectName(ns)
            ? new NetworkSelection(ns, name!)
            {
                Interface = Text(item, "interface"),
                Addresses = Texts(item, "ips"),
                Mac = Text(item, "mac"),
                DefaultRoute = Texts(item, "default-route"),
            }
            : throw Wrong("has a network without a valid name");
    }

    private static string? Text(JsonElement item, string name) =>
        item.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null && value.GetString() is { Length: > 0 } text ? text : null;

    private static IReadOnlyList<string> Texts(JsonElement item, string name) =>
        item.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? [.. value.EnumerateArray().Select(text => text.GetString() ?? "")] : [];

    private static bool IsObjectName(string? name) =>
        name is { Length: > 0 and <= 253 } && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.') && name[0] is not ('.' or '-');

    internal static bool IsInterfaceName(string? name) =>
        name is { Length: > 0 and <= 15 } and not "." and not ".." && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private static NetworkAttachmentException Wrong(string what) => new($"annotation {NetworkSelection.Annotation} {what}.");
}
