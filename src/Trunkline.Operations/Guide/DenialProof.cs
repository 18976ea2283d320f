using System.Text.Json.Nodes;
using Trunkline.Operations.Captures;
using Trunkline.Operations.Cluster;
using Trunkline.Operations.Probes;

namespace Trunkline.Operations.Guide;

/// <summary>
/// Shows what a policy does, three times over: every flow is open before it; under it the denied ones are counted as dropped by the node's kernel while
/// the Pod's own capture stays empty, and the allowed ones pass; and all are open again when it is gone.
/// </summary>
/// <param name="guide">The walk.</param>
/// <param name="openVerdict">What an open flow answers: Refused where nothing listens at the port.</param>
internal sealed class DenialProof(GuideContext guide, Func<Flow, ProbeVerdict> openVerdict)
{
    private static readonly TimeSpan s_settle = TimeSpan.FromSeconds(10);

    /// <param name="policy">The policy, created and deleted here.</param>
    /// <param name="denied">The flows that it closes.</param>
    /// <param name="allowed">The flows that it leaves open.</param>
    /// <param name="cancel">Gives up.</param>
    /// <param name="underPolicy">What else to look at while the policy is in force.</param>
    public async Task ProveAsync(
        JsonObject policy, IReadOnlyList<Flow> denied, IReadOnlyList<Flow> allowed, CancellationToken cancel, Func<Task>? underPolicy = null)
    {
        IReadOnlyList<Flow> all = [.. denied, .. allowed];
        await AllOpenAsync(all, cancel);
        guide.Say($"before the policy open: {Names(all)}");

        await guide.CreateAsync(policy, GuideContext.DemoNamespace, cancel);
        await SettleAsync(denied[0], ProbeVerdict.Silent, cancel);
        foreach (var wave in Waves(denied))
        {
            await DeniedAsync(wave, cancel);
        }

        await AllOpenAsync(allowed, cancel);
        if (allowed.Count > 0)
        {
            guide.Say($"under the policy still open: {Names(allowed)}");
        }

        await (underPolicy?.Invoke() ?? Task.CompletedTask);
        await guide.DeleteAsync(ResourcePath.Of(policy, GuideContext.DemoNamespace), cancel);
        await SettleAsync(denied[0], openVerdict(denied[0]), cancel);
        await AllOpenAsync(denied, cancel);
        guide.Say($"policy deleted, open again: {Names(denied)}");
    }

    // A denial takes as long as its silence, so those that the kernel's counters and the capture can tell apart are tried at the same time.
    private static IEnumerable<IReadOnlyList<Flow>> Waves(IEnumerable<Flow> flows) => flows
        .GroupBy(flow => (flow.Source, flow.Server.Address, flow.Protocol, flow.ServerPort))
        .SelectMany(alike => alike.Select((flow, turn) => (flow, turn)))
        .GroupBy(one => one.turn, one => one.flow)
        .OrderBy(wave => wave.Key)
        .Select(wave => wave.ToList());

    private async Task DeniedAsync(IReadOnlyList<Flow> wave, CancellationToken cancel)
    {
        var server = wave[0].Server;
        var filter = string.Join(" or ", wave.Select(flow => $"({flow.Protocol} and dst port {flow.ServerPort})").Distinct());
        await using var capture = await guide.CaptureAsync(server.Wire, filter, cancel);
        var before = await CountsAsync(server, cancel);
        var answers = await Task.WhenAll(wave.Select(flow => flow.TryAsync(guide, Flow.SilencePatience, cancel)));
        var after = await CountsAsync(server, cancel);
        var packets = await capture.StopAsync(cancel);
        foreach (var (flow, answer) in wave.Zip(answers))
        {
            Judge(flow, answer, Dropped(after, flow) - Dropped(before, flow), packets);
        }
    }

    private void Judge(Flow flow, FlowAnswer answer, long dropped, IReadOnlyList<CapturedPacket> packets)
    {
        var arrived = packets.Count(flow.Arrived);
        GuideContext.Require(answer.Verdict == ProbeVerdict.Silent, $"{flow} should be denied by silence, but was {answer.Verdict}: {answer.Words}");
        GuideContext.Require(dropped > 0, $"{flow}: the node's kernel counted no drop for this flow");
        GuideContext.Require(arrived == 0, $"{flow}: {arrived} packets reached the Pod");
        guide.Say($"closed: {flow}: {answer.Words}; {dropped} packets dropped by {flow.Server.Node}'s kernel, none seen in the Pod");
    }

    private Task<DropCounters> CountsAsync(PodInfo server, CancellationToken cancel) => DropCounters.ReadAsync(guide.Machines, server.Node, cancel);

    private static long Dropped(DropCounters counters, Flow flow) => counters.Packets(flow.Source, flow.Server.Address, flow.Protocol, flow.ServerPort);

    private async Task AllOpenAsync(IReadOnlyList<Flow> flows, CancellationToken cancel)
    {
        var answers = await Task.WhenAll(flows.Select(flow => flow.TryAsync(guide, Flow.AnswerPatience, cancel)));
        foreach (var (flow, answer) in flows.Zip(answers))
        {
            GuideContext.Require(answer.Verdict == openVerdict(flow), $"{flow} should answer {openVerdict(flow)}, but was {answer.Verdict}: {answer.Words}");
        }
    }

    private Task<Flow> SettleAsync(Flow flow, ProbeVerdict verdict, CancellationToken cancel) =>
        guide.EventuallyAsync($"{flow} {verdict}", s_settle, async () => (await flow.TryAsync(guide, Flow.SilencePatience, cancel)).Verdict == verdict ? flow : null, cancel);

    private static string Names(IEnumerable<Flow> flows) => string.Join("; ", flows);
}
