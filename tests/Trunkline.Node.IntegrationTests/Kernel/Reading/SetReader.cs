using System.Text.Json;
using Trunkline.Node.IntegrationTests.Kernel.Sets;

namespace Trunkline.Node.IntegrationTests.Kernel.Reading;

/// <summary>Sets and maps of the list, and those written into rules.</summary>
internal static class SetReader
{
    public static KernelSet Named(JsonElement set)
    {
        var data = set.TryGetProperty("map", out var map) ? Types(map) : null;
        var name = set.GetProperty("name").GetString()!;
        return Read(name, set.TryGetProperty("elem", out var elements) ? elements : null, Types(set.GetProperty("type")), data);
    }

    /// <summary>Values of such a map are verdicts or numbers; what they are stands in them.</summary>
    public static KernelSet Anonymous(JsonElement elements, IReadOnlyList<FieldKind> kinds, string name) => Read(name, elements, kinds, [FieldKind.Number]);

    private static KernelSet Read(string name, JsonElement? elements, IReadOnlyList<FieldKind> kinds, IReadOnlyList<FieldKind>? data)
    {
        var all = elements?.EnumerateArray().ToList() ?? [];
        return kinds[0] == FieldKind.Link
            ? new KernelSet(name, [], [.. all.Select(element => element.GetString()!)])
            : new KernelSet(name, all.Select(element => Element(element, kinds, data)), []);
    }

    private static KernelElement Element(JsonElement element, IReadOnlyList<FieldKind> kinds, IReadOnlyList<FieldKind>? data)
    {
        // A map's element is a pair; flags in a set are lists too, but of words.
        if (element.ValueKind != JsonValueKind.Array)
        {
            return new KernelElement(Key(element, kinds), null, null);
        }

        var (key, value) = (Key(element[0], kinds), element[1]);
        return value.ValueKind == JsonValueKind.Object && VerdictReader.TryRead(value) is { } verdict
            ? new KernelElement(key, verdict, null)
            : new KernelElement(key, null, [.. Key(value, data!).Select(field => field.First)]);
    }

    private static FieldRange[] Key(JsonElement element, IReadOnlyList<FieldKind> kinds)
    {
        if (element.ValueKind == JsonValueKind.Object && element.TryGetProperty("elem", out var wrapped))
        {
            element = wrapped.GetProperty("val"); // with a counter, a timeout or a comment
        }

        if (element.ValueKind == JsonValueKind.Object && element.TryGetProperty("concat", out var parts))
        {
            return parts.GetArrayLength() == kinds.Count
                ? [.. parts.EnumerateArray().Select((part, index) => Values.Range(part, kinds[index]))]
                : throw new UnknownRuleException($"{element} has not {kinds.Count} fields");
        }

        return [Values.Range(element, kinds[0])];
    }

    private static FieldKind[] Types(JsonElement type) =>
        type.ValueKind == JsonValueKind.Array ? [.. type.EnumerateArray().Select(item => Type(item.GetString()!))] : [.. type.GetString()!.Split(" . ").Select(Type)];

    private static FieldKind Type(string type) => type switch
    {
        "ipv4_addr" => FieldKind.Ipv4,
        "ipv6_addr" => FieldKind.Ipv6,
        "inet_proto" => FieldKind.Protocol,
        "inet_service" or "mark" or "verdict" or "integer" => FieldKind.Number,
        "ifname" => FieldKind.Link,
        "ct_state" => FieldKind.CtState,
        _ => throw new UnknownRuleException($"type {type}"),
    };
}
