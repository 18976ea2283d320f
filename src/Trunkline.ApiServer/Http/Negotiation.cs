using System.Globalization;
using Trunkline.ApiServer.Errors;

namespace Trunkline.ApiServer.Http;

/// <summary>Content negotiation as apiserver's: the first acceptable entry of Accept by quality.</summary>
public static class Negotiation
{
    private const string Offered =
        "application/json, application/yaml, application/vnd.kubernetes.protobuf, application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch";

    public static Representation Choose(string? accept)
    {
        if (string.IsNullOrWhiteSpace(accept))
        {
            return Representation.Json;
        }

        foreach (var (type, parameters) in Entries(accept))
        {
            if (Match(type, parameters) is { } found)
            {
                return found;
            }
        }

        throw NotAcceptable();
    }

    /// <summary>The entries of an Accept header, best first.</summary>
    public static IEnumerable<(string Type, IReadOnlyDictionary<string, string> Parameters)> Entries(string accept) => accept
        .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(Entry)
        .OrderByDescending(e => Quality(e.Parameters));

    public static ApiStatusException NotAcceptable() =>
        new(406, "NotAcceptable", "406: Not Acceptable\n\nAvailable representations: " + Offered, []);

    private static (string Type, IReadOnlyDictionary<string, string> Parameters) Entry(string text)
    {
        var parts = text.Split(';', StringSplitOptions.TrimEntries);
        var parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in parts.Skip(1))
        {
            var at = part.IndexOf('=', StringComparison.Ordinal);
            if (at > 0)
            {
                parameters[part[..at]] = part[(at + 1)..].Trim('"');
            }
        }

        return (parts[0].ToLowerInvariant(), parameters);
    }

    private static double Quality(IReadOnlyDictionary<string, string> parameters) =>
        parameters.TryGetValue("q", out var q) && double.TryParse(q, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : 1;

    private static Representation? Match(string type, IReadOnlyDictionary<string, string> parameters)
    {
        if (type is not ("application/json" or "application/yaml" or "*/*" or "application/*"))
        {
            return null;
        }

        var (transform, version) = ("", "");
        if (parameters.TryGetValue("as", out var target))
        {
            version = parameters.GetValueOrDefault("v", "");
            if (parameters.GetValueOrDefault("g") != "meta.k8s.io" || version is not ("v1" or "v1beta1")
                || target is not ("Table" or "PartialObjectMetadata" or "PartialObjectMetadataList"))
            {
                return null;
            }

            transform = target;
        }

        return new Representation(type == "application/yaml", transform, version);
    }
}
