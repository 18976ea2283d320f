using System.Text.Json;
using Trunkline.Node.IntegrationTests.Kernel.Expressions;
using Trunkline.Node.IntegrationTests.Kernel.Sets;

namespace Trunkline.Node.IntegrationTests.Kernel.Reading;

/// <summary>Expressions as <c>nft -j list</c> writes them (libnftables-json(5)).</summary>
internal sealed class ExpressionReader(IReadOnlyDictionary<string, KernelSet> sets)
{
    private static readonly Dictionary<string, Func<UInt128, UInt128, UInt128>> s_operators = new()
    {
        ["&"] = (left, right) => left & right,
        ["|"] = (left, right) => left | right,
        ["^"] = (left, right) => left ^ right,
        [">>"] = (left, right) => left >> (int)right,
        ["<<"] = (left, right) => left << (int)right,
    };

    private static readonly Dictionary<string, byte> s_chunks = new()
    {
        ["data"] = 0,
        ["init"] = 1,
        ["init-ack"] = 2,
        ["sack"] = 3,
        ["heartbeat"] = 4,
        ["heartbeat-ack"] = 5,
        ["abort"] = 6,
        ["shutdown"] = 7,
        ["shutdown-ack"] = 8,
        ["error"] = 9,
        ["cookie-echo"] = 10,
        ["cookie-ack"] = 11,
        ["shutdown-complete"] = 14,
        ["asconf"] = 0xC1,
        ["asconf-ack"] = 0x80,
    };

    public Expression Read(JsonElement json, FieldKind kind = FieldKind.Number)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return new ConstantExpression(Values.Number(json, kind));
        }

        var (name, body) = Only(json);
        return name switch
        {
            "payload" => Payload.Field(body.GetProperty("protocol").GetString()!, body.GetProperty("field").GetString()!),
            "meta" => Metadata.Meta(body.GetProperty("key").GetString()!),
            "ct" => Metadata.Ct(body.GetProperty("key").GetString()!, body.TryGetProperty("dir", out var dir) ? dir.GetString() : null),
            "fib" => Metadata.Fib(body),
            "concat" => new ConcatExpression([.. body.EnumerateArray().Select(part => Read(part))]),
            "map" => Map(body),
            "numgen" => new ChoiceExpression(body.GetProperty("mod").GetInt32(), Offset(body), null),
            "jhash" or "symhash" => new ChoiceExpression(
                body.GetProperty("mod").GetInt32(), Offset(body), body.TryGetProperty("expr", out var hashed) ? Read(hashed) : null),
            "sctp chunk" => Chunk(body),
            _ when s_operators.TryGetValue(name, out var combine) => Binary(body, combine),
            _ => throw new UnknownRuleException($"expression {json}"),
        };
    }

    public KernelSet Set(JsonElement reference, IReadOnlyList<FieldKind> kinds, string name) => reference.ValueKind == JsonValueKind.String
        ? sets.TryGetValue(reference.GetString()![1..], out var named) ? named : throw new UnknownRuleException($"no set {reference}")
        : SetReader.Anonymous(reference.GetProperty("set"), kinds, name);

    public static (string Name, JsonElement Body) Only(JsonElement json)
    {
        var properties = json.EnumerateObject().ToList();
        return properties.Count == 1 ? (properties[0].Name, properties[0].Value) : throw new UnknownRuleException($"expression {json}");
    }

    private MapExpression Map(JsonElement body)
    {
        var key = Read(body.GetProperty("key"));
        return new MapExpression(key, Set(body.GetProperty("data"), key.Kinds, "a map of a rule"));
    }

    private BinaryExpression Binary(JsonElement body, Func<UInt128, UInt128, UInt128> combine)
    {
        if (body.GetArrayLength() != 2)
        {
            throw new UnknownRuleException($"operands {body}");
        }

        var left = Read(body[0]);
        return new BinaryExpression(left, Read(body[1], left.Kinds[0]), combine);
    }

    // nft_exthdr_sctp_eval: a packet that is not SCTP has no chunk, which "missing" is content with.
    private static FieldExpression Chunk(JsonElement body)
    {
        if (!s_chunks.TryGetValue(body.GetProperty("name").GetString()!, out var type))
        {
            throw new UnknownRuleException($"sctp chunk {body}");
        }

        if (body.TryGetProperty("field", out var field))
        {
            return field.GetString() == "length"
                ? new FieldExpression(FieldKind.Number, walk => walk.Packet.Protocol == 132 && walk.Packet.Chunks.Contains(type) ? (UInt128)walk.Packet.ChunkLength : null)
                : throw new UnknownRuleException($"sctp chunk {body}");
        }

        return new FieldExpression(FieldKind.Flag, walk => walk.Packet.Protocol == 132 && walk.Packet.Chunks.Contains(type) ? UInt128.One : 0);
    }

    private static int Offset(JsonElement body) => body.TryGetProperty("offset", out var offset) ? offset.GetInt32() : 0;
}
