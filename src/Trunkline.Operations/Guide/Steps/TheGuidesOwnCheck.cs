using Trunkline.Operations.Captures;
using Trunkline.Operations.Cluster;
using Trunkline.Operations.Probes;

namespace Trunkline.Operations.Guide.Steps;

/// <summary>The guide checks with <c>nc -v -z IP PORT</c>, which is TCP; beside it the check that is SCTP.</summary>
internal sealed class TheGuidesOwnCheck : IGuideStep
{
    private const int ClosedPort = 30103;

    public string Title => "The guide's own check is TCP; the SCTP check tells open, refused and filtered apart";

    public async Task WalkAsync(GuideContext guide, CancellationToken cancel)
    {
        var demo = await SctpDemo.FindAsync(guide, cancel);
        await using var listener = await Listener.StartAsync(guide, demo.Server, SctpDemo.Port, "--sctp", cancel);

        var (asWritten, overTcp) = await CheckAsync(guide, demo, SctpDemo.Port, "", cancel);
        GuideContext.Require(overTcp.Count > 0 && overTcp.All(p => p.Protocol == 6), "the guide's check sent something else than TCP");
        GuideContext.Require(asWritten == ProbeVerdict.Refused, $"the guide's check of a working SCTP server says {asWritten}");
        guide.Say($"nc -v -z {demo.Server.Address} {SctpDemo.Port} sends TCP ({overTcp[0]}), and says {asWritten} of an SCTP server that works");

        var (open, handshake) = await CheckAsync(guide, demo, SctpDemo.Port, "--sctp", cancel);
        GuideContext.Require(open == ProbeVerdict.Open && Has(handshake, "COOKIE ACK"), $"the SCTP check of an open port says {open}: {Chunks(handshake)}");
        guide.Say($"nc -v -z --sctp {demo.Server.Address} {SctpDemo.Port}: {open}; on the wire {Chunks(handshake)}");

        var (refused, abort) = await CheckAsync(guide, demo, ClosedPort, "--sctp", cancel);
        GuideContext.Require(refused == ProbeVerdict.Refused && Has(abort, "ABORT"), $"the SCTP check of a closed port says {refused}");
        guide.Say($"nc -v -z --sctp {demo.Server.Address} {ClosedPort}: {refused}; on the wire {Chunks(abort)}");

        await new DenialProof(guide, _ => ProbeVerdict.Open).ProveAsync(
            GuideManifests.Object(GuideManifests.DenyPolicy),
            denied: [Flow.ToPod(demo.Client, demo.Server, SctpDemo.Port)],
            allowed: [],
            cancel,
            underPolicy: () => FilteredAsync(guide, demo, cancel));
    }

    private static async Task FilteredAsync(GuideContext guide, SctpDemo demo, CancellationToken cancel)
    {
        var (filtered, silence) = await CheckAsync(guide, demo, SctpDemo.Port, "--sctp", cancel);
        GuideContext.Require(filtered == ProbeVerdict.Silent && silence.Count > 0 && silence.All(p => p.Chunks.Contains("INIT")),
            $"the SCTP check of a filtered port says {filtered}: {Chunks(silence)}");
        guide.Say($"under a policy nc -v -z --sctp {demo.Server.Address} {SctpDemo.Port}: {filtered}; on the wire only {Chunks(silence)}");
    }

    // Watched at the client, where both what was sent and what came back is seen.
    private static async Task<(ProbeVerdict Verdict, IReadOnlyList<CapturedPacket> Packets)> CheckAsync(
        GuideContext guide, SctpDemo demo, int port, string flags, CancellationToken cancel)
    {
        await using var capture = await guide.CaptureAsync(demo.Client.Wire, $"host {demo.Server.Address} and port {port}", cancel);
        var command = $"nc -v -z -w 2 {flags} {demo.Server.Address} {port}";
        var result = await PodExec.RunAsync(guide.Api, demo.Client.Namespace, demo.Client.Name, ["/bin/sh", "-c", command], cancel);
        return (Netcat.Verdict(result), await capture.StopAsync(cancel));
    }

    private static bool Has(IEnumerable<CapturedPacket> packets, string chunk) => packets.Any(p => p.Chunks.Contains(chunk));

    private static string Chunks(IEnumerable<CapturedPacket> packets) => string.Join(", ", packets.SelectMany(p => p.Chunks));
}
