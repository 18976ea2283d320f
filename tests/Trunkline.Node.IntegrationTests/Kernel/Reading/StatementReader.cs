using System.Text.Json;
using System.Text.RegularExpressions;
using Trunkline.Node.IntegrationTests.Kernel.Sets;
using Trunkline.Node.IntegrationTests.Kernel.Statements;

namespace Trunkline.Node.IntegrationTests.Kernel.Reading;

/// <summary>Statements as <c>nft -j list</c> writes them. What it does not know is an error.</summary>
internal sealed partial class StatementReader(ExpressionReader expressions)
{
    public Statement Read(JsonElement json)
    {
        // nft 1.0.6 has no JSON for updates of maps and writes them as text.
        if (json.ValueKind == JsonValueKind.String)
        {
            return MapUpdate().IsMatch(json.GetString()!) ? new PassingStatement() : throw new UnknownRuleException($"statement {json}");
        }

        if (VerdictReader.TryRead(json) is { } verdict)
        {
            return new VerdictStatement(verdict);
        }

        var (name, body) = ExpressionReader.Only(json);
        return name switch
        {
            "match" => Match(body),
            "vmap" => Vmap(body),
            "mangle" => Mangle(body),
            "dnat" => Nat(body, ofDestination: true),
            "redirect" => Nat(body, ofDestination: true),
            "snat" or "masquerade" => Nat(body, ofDestination: false),
            "counter" or "log" => new PassingStatement(),
            "set" => Update(body),
            "limit" => new LimitStatement(body.TryGetProperty("inv", out var over) && over.GetBoolean()),
            "ct count" => new LimitStatement(body.TryGetProperty("inv", out var above) && above.GetBoolean()),
            "notrack" => new NotrackStatement(),
            _ => throw new UnknownRuleException($"statement {json}"),
        };
    }

    private Statement Match(JsonElement body)
    {
        var (op, left, right) = (body.GetProperty("op").GetString()!, body.GetProperty("left"), body.GetProperty("right"));
        if (LinkKey(left) is { } link)
        {
            return new LinkMatchStatement(link == "iifname", op == "!=", Names(right));
        }

        var expression = expressions.Read(left);
        var isSet = right.ValueKind == JsonValueKind.Object ? right.TryGetProperty("set", out _) : right.ValueKind == JsonValueKind.String && right.GetString()!.StartsWith('@');
        if (isSet)
        {
            return new MatchStatement(expression, op, expressions.Set(right, expression.Kinds, "a set of a rule"), null);
        }

        FieldRange[] values = right.ValueKind == JsonValueKind.Object && right.TryGetProperty("concat", out var parts)
            ? [.. parts.EnumerateArray().Select((part, index) => Values.Range(part, expression.Kinds[index]))]
            : [Values.Range(right, expression.Kinds[0])];
        return values.Length == expression.Kinds.Count ? new MatchStatement(expression, op, null, values) : throw new UnknownRuleException($"match {body}");
    }

    private UpdateStatement Update(JsonElement body)
    {
        if (body.GetProperty("op").GetString() is not ("add" or "update"))
        {
            throw new UnknownRuleException($"statement {body}");
        }

        var element = body.GetProperty("elem");
        var key = element.ValueKind == JsonValueKind.Object && element.TryGetProperty("elem", out var wrapped) ? wrapped.GetProperty("val") : element;
        var statements = body.TryGetProperty("stmt", out var inner) ? inner.EnumerateArray().Select(item => ExpressionReader.Only(item).Name).ToList() : [];
        return statements.All(name => name is "limit" or "counter")
            ? new UpdateStatement(expressions.Read(key), statements.Contains("limit"))
            : throw new UnknownRuleException($"statement {body}");
    }

    private VmapStatement Vmap(JsonElement body)
    {
        var key = expressions.Read(body.GetProperty("key"));
        return new VmapStatement(key, expressions.Set(body.GetProperty("data"), key.Kinds, "a verdict map of a rule"));
    }

    private MangleStatement Mangle(JsonElement body)
    {
        var (kind, key) = ExpressionReader.Only(body.GetProperty("key"));
        return (kind, key.GetProperty("key").GetString()) switch
        {
            ("meta", "mark") => new MangleStatement(false, expressions.Read(body.GetProperty("value"))),
            ("ct", "mark") => new MangleStatement(true, expressions.Read(body.GetProperty("value"))),
            _ => throw new UnknownRuleException($"mangle {body}"),
        };
    }

    private NatStatement Nat(JsonElement body, bool ofDestination)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            return new NatStatement(ofDestination, null, null, null);
        }

        bool? ipv6 = body.TryGetProperty("family", out var family) ? family.GetString() == "ip6" : null;
        var kind = ipv6 == true ? FieldKind.Ipv6 : FieldKind.Ipv4;
        return new NatStatement(
            ofDestination, body.TryGetProperty("addr", out var address) ? expressions.Read(address, kind) : null,
            body.TryGetProperty("port", out var port) ? expressions.Read(port) : null, ipv6);
    }

    private static string? LinkKey(JsonElement left) =>
        left.ValueKind == JsonValueKind.Object && left.TryGetProperty("meta", out var meta) && meta.GetProperty("key").GetString() is "iifname" or "oifname"
            ? left.GetProperty("meta").GetProperty("key").GetString()
            : null;

    private IReadOnlyCollection<string> Names(JsonElement right) => right.ValueKind == JsonValueKind.String && !right.GetString()!.StartsWith('@')
        ? [right.GetString()!]
        : expressions.Set(right, [FieldKind.Link], "a set of links").Words;

    [GeneratedRegex(@"^(add|update|delete) @[\w-]+ \{.*\}$", RegexOptions.CultureInvariant)]
    private static partial Regex MapUpdate();
}
