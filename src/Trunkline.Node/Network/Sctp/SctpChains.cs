using Trunkline.Node.Network.Nft;
using Trunkline.Node.Network.Services;

namespace Trunkline.Node.Network.Sctp;

/// <summary>
/// Rules for packets that a Service cannot translate. What conntrack calls invalid at a Service's address never goes on: it is dropped, and SCTP's is shown to the agent,
/// which answers (<see cref="StrayAnswer"/>). INITs that may name addresses are shown too, and go on. Pure.
/// </summary>
internal static class SctpChains
{
    /// <summary>Groups of the kernel's packet log (nfnetlink_log) in this namespace.</summary>
    public const int StrayGroup = 5060, AddressGroup = 5061;

    /// <summary>Mark of the agent's own answers: no flow is looked for or made, as there is none.</summary>
    public const uint AnswerMark = 0x54525354;
    private const string PerSender = "limit rate 10/second burst 20 packets", Overall = "limit rate 500/second burst 500 packets";

    private const int SenderPlaces = 4096;

    // The fixed part of both chunks has 20 bytes, an IPv4 address parameter 8.
    private const string NamesMore = "length >= 28", Sometimes = "limit rate 50/second burst 100 packets";

    public static void AddTo(RulesPart part)
    {
        foreach (var family in ServiceFamily.Both)
        {
            // Senders share so many places by a hash of which only the kernel knows the seed: the set is never full, whatever addresses a flood says it comes from.
            part.Add(new NftSet(family.Named("stray_senders"), $"type mark; size {SenderPlaces}; flags dynamic,timeout; timeout 1m;") { IsKernels = true });
            part.Add(new NftChain(family.Named("stray"), null,
            [
                $"meta l4proto sctp meta mark set jhash {family.Word} saddr mod {SenderPlaces} update @{family.Named("stray_senders")} {{ meta mark {PerSender} }} {Overall} log group {StrayGroup}",
                "counter drop",
            ]));
        }

        string[] rules =
        [
            .. ServiceFamily.Both.Select(family => $"ct state invalid {family.Key} @{family.Named("services")} goto {family.Named("stray")}"),
            .. ServiceFamily.Both.Select(family => $"ct state new sctp chunk init {NamesMore} {family.Key} @{family.Named("services")} {Sometimes} log group {AddressGroup}"),
            $"ct direction reply ct status dnat sctp chunk init-ack {NamesMore} {Sometimes} log group {AddressGroup}",
        ];
        part.Add(new NftChain("strays", "type filter hook prerouting priority -150;", rules));
        part.Add(new NftChain("strays_own", "type filter hook output priority -150;", rules));
        part.Add(new NftChain("answers", "type filter hook output priority -300;", [$"meta mark {AnswerMark} notrack"]));
    }
}
