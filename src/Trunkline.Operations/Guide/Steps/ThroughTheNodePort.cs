using Trunkline.Operations.Probes;

namespace Trunkline.Operations.Guide.Steps;

/// <summary>The NodePort, which the guide makes and never tries.</summary>
internal sealed class ThroughTheNodePort : IGuideStep
{
    public string Title => "The NodePort, from a host outside the cluster, through each worker";

    public async Task WalkAsync(GuideContext guide, CancellationToken cancel)
    {
        var demo = await SctpDemo.FindAsync(guide, cancel);
        await using var listener = await Listener.StartAsync(guide, demo.Server, SctpDemo.Port, "--sctp", cancel);
        foreach (var worker in await guide.NodesAsync("worker", cancel))
        {
            var flow = Flow.ThroughNode(worker, demo, guide.Machines.ExternalAddress);

            // Each node learns of the Service by its own watch: the first to answer says nothing of the next.
            await guide.EventuallyAsync($"{worker["metadata"]!["name"]} to carry the nodePort", TimeSpan.FromSeconds(10), async () =>
                (await flow.TryAsync(guide, Flow.SilencePatience, cancel)).Verdict == ProbeVerdict.Open ? flow : null, cancel);
            await using var capture = await guide.CaptureAsync(demo.Server.Wire, $"sctp port {SctpDemo.Port}", cancel);
            var (verdict, nonce, words) = await flow.TryAsync(guide, Flow.AnswerPatience, cancel);
            GuideContext.Require(verdict == ProbeVerdict.Open, $"{flow} through {worker["metadata"]!["name"]}: {verdict}: {words}");
            await listener.WaitForAsync(nonce, cancel);
            var packets = await capture.StopAsync(cancel);
            GuideContext.Require(packets.All(p => p.ChecksumGood), $"{flow}: packets with a bad CRC32c at the Pod");
            guide.Say($"{flow} ({worker["metadata"]!["name"]}): the server printed the nonce; {packets.Count} packets at the Pod, every CRC32c good");
        }
    }
}
