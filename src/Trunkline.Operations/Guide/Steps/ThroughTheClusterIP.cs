using System.Text;
using Trunkline.Operations.Captures;
using Trunkline.Operations.Cluster;

namespace Trunkline.Operations.Guide.Steps;

/// <summary>The listener and the client, by the guide's own commands.</summary>
internal sealed class ThroughTheClusterIP : IGuideStep
{
    private static readonly string[] s_chunks = ["INIT", "INIT ACK", "COOKIE ECHO", "COOKIE ACK", "DATA", "SACK", "SHUTDOWN"];

    public string Title => "nc -l 30102 --sctp in the server, nc <ClusterIP> 30102 --sctp in the client";

    public async Task WalkAsync(GuideContext guide, CancellationToken cancel)
    {
        var demo = await SctpDemo.FindAsync(guide, cancel);
        var nonce = Guid.NewGuid().ToString("N");
        await using var capture = await guide.CaptureAsync(demo.Server.Wire, $"sctp port {SctpDemo.Port}", cancel);
        await using var listener = await Listener.LaunchAsync(guide, demo.Server, $"nc -l {SctpDemo.Port} --sctp", cancel);

        // The guide's listener says nothing when it is ready: until then a client is refused, and asks again as a person would.
        var command = $"echo {nonce} | nc {demo.ClusterIP} {SctpDemo.Port} --sctp";
        await guide.EventuallyAsync("the client's nc to succeed", TimeSpan.FromSeconds(10), async () =>
        {
            var result = await PodExec.RunAsync(guide.Api, demo.Client.Namespace, demo.Client.Name, ["/bin/sh", "-c", command], cancel);
            return result.ExitCode == 0 ? result : null;
        }, cancel);

        var ended = await listener.EndAsync(cancel);
        GuideContext.Require(ended.ExitCode == 0 && ended.Output == nonce + "\n", $"the server printed \"{ended.Output}\" (exit status {ended.ExitCode}): {ended.Error}");
        guide.Say($"`{command}` in the client: the server printed the nonce byte for byte and ended with 0");
        Judge(guide, demo, nonce, await capture.StopAsync(cancel));
    }

    private static void Judge(GuideContext guide, SctpDemo demo, string nonce, IReadOnlyList<CapturedPacket> packets)
    {
        var seen = packets.SelectMany(p => p.Chunks).ToHashSet(StringComparer.Ordinal);
        var missing = s_chunks.Where(c => !seen.Contains(c)).ToList();
        GuideContext.Require(missing.Count == 0, $"the capture at the Pod has no {string.Join(", ", missing)}; it has {string.Join(", ", seen)}");
        var bad = packets.Where(p => !p.ChecksumGood).ToList();
        GuideContext.Require(bad.Count == 0, $"{bad.Count} packets at the Pod have a bad CRC32c, the first: {bad.FirstOrDefault()}");
        GuideContext.Require(
            packets.Any(p => p.Destination.ToString() == demo.Server.Address && p.UserData.Any(d => d.AsSpan().IndexOf(Encoding.ASCII.GetBytes(nonce)) >= 0)),
            "no DATA with the nonce was addressed to the Pod");
        guide.Say($"at the Pod, after translation: {string.Join(", ", packets.SelectMany(p => p.Chunks))}; {packets.Count} packets, every CRC32c good");
    }
}
