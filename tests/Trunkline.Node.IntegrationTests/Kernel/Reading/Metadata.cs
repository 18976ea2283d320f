using System.Text.Json;
using Trunkline.Node.IntegrationTests.Kernel.Expressions;

namespace Trunkline.Node.IntegrationTests.Kernel.Reading;

/// <summary>What the kernel knows of a packet beside its headers: meta, ct, fib.</summary>
internal static class Metadata
{
    private const int DnatStatus = 32;

    public static Expression Meta(string key) => key switch
    {
        "l4proto" => new FieldExpression(FieldKind.Protocol, walk => (UInt128)walk.Packet.Protocol),
        "mark" => new FieldExpression(FieldKind.Number, walk => walk.Mark),
        "nfproto" => new FieldExpression(FieldKind.NfProtocol, walk => walk.IsIpv6 ? (UInt128)10 : 2),
        "protocol" => new FieldExpression(FieldKind.EtherType, walk => walk.IsIpv6 ? (UInt128)0x86dd : 0x0800),
        _ => throw new UnknownRuleException($"meta {key}"),
    };

    public static Expression Ct(string key, string? direction) => (key, direction) switch
    {
        ("state", null) => new FieldExpression(FieldKind.CtState, walk => (UInt128)(int)walk.State),
        ("mark", null) => new FieldExpression(FieldKind.Number, walk => HasFlow(walk) ? walk.CtMark : null),
        ("status", null) => new FieldExpression(FieldKind.CtStatus, walk => HasFlow(walk) ? walk.IsTranslated ? (UInt128)DnatStatus : 0 : null),
        ("direction", null) => new FieldExpression(FieldKind.CtDirection, walk => HasFlow(walk) ? walk.Packet.IsReply ? UInt128.One : 0 : null),
        ("ip daddr", "original") => new FieldExpression(FieldKind.Ipv4, walk => HasFlow(walk) && !walk.IsIpv6 ? walk.OriginalDestinationNumber : null),
        ("ip6 daddr", "original") => new FieldExpression(FieldKind.Ipv6, walk => HasFlow(walk) && walk.IsIpv6 ? walk.OriginalDestinationNumber : null),
        ("proto-dst", "original") => new FieldExpression(FieldKind.Number, walk => HasFlow(walk) ? (UInt128)walk.Packet.DestinationPort : null),
        _ => throw new UnknownRuleException($"ct {direction} {key}"),
    };

    public static Expression Fib(JsonElement fib)
    {
        var flags = fib.GetProperty("flags");
        var words = flags.ValueKind == JsonValueKind.Array ? [.. flags.EnumerateArray().Select(flag => flag.GetString()!)] : new[] { flags.GetString()! };
        var (ofSource, sameLink) = (words.Contains("saddr"), words.Contains("iif"));
        if (words.Any(word => word is not ("saddr" or "daddr" or "iif")))
        {
            throw new UnknownRuleException($"fib {fib}");
        }

        return fib.GetProperty("result").GetString() switch
        {
            "oif" => new FieldExpression(FieldKind.Flag, walk =>
            {
                var link = walk.LinkTo(ofSource);
                return link is not null && (!sameLink || link == walk.In) ? UInt128.One : 0;
            }),
            "type" => new FieldExpression(FieldKind.FibType, walk => walk.IsOwn(ofSource) ? (UInt128)2 : 1),
            var other => throw new UnknownRuleException($"fib {other}"),
        };
    }

    private static bool HasFlow(Walk walk) => walk.State is not (CtState.Invalid or CtState.Untracked);
}
