using System.Text.Json.Nodes;
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

    public async Task ProveAsync(JsonObject policy, IReadOnlyList<Flow> denied, IReadOnlyList<Flow> allowed, CancellationToken cancel)
    {
        IReadOnlyList<Flow> all = [.. denied, .. allowed];
        await EachOpenAsync(all, cancel);
        guide.Say($"before the policy open: {Names(all)}");

        await guide.CreateAsync(policy, GuideContext.DemoNamespace, cancel);
        var path = ResourcePath.Of(policy, GuideContext.DemoNamespace);
        await SettleAsync(denied[0], ProbeVerdict.Silent, cancel);
        foreach (var flow in denied)
        {
            await DeniedAsync(flow, cancel);
        }

        await EachOpenAsync(allowed, cancel);
        if (allowed.Count > 0)
        {
            guide.Say($"under the policy still open: {Names(allowed)}");
        }

        await guide.DeleteAsync(path, cancel);
        await SettleAsync(denied[0], openVerdict(denied[0]), cancel);
        await EachOpenAsync(denied, cancel);
        guide.Say($"policy deleted, open again: {Names(denied)}");
    }

    private async Task DeniedAsync(Flow flow, CancellationToken cancel)
    {
        await using var capture = await guide.CaptureAsync(flow.Server.Wire, $"{flow.Protocol} and dst port {flow.ServerPort}", cancel);
        var before = await CountAsync(flow, cancel);
        var (verdict, _, words) = await flow.TryAsync(guide, cancel);
        var after = await CountAsync(flow, cancel);
        var arrived = (await capture.StopAsync(cancel)).Count(flow.Arrived);

        GuideContext.Require(verdict == ProbeVerdict.Silent, $"{flow} should be denied by silence, but was {verdict}: {words}");
        GuideContext.Require(after > before, $"{flow}: the node's kernel counted no drop for this flow ({before} before, {after} after)");
        GuideContext.Require(arrived == 0, $"{flow}: {arrived} packets reached the Pod");
        guide.Say($"closed: {flow}: {words}; {after - before} packets dropped by {flow.Server.Node}'s kernel, none seen in the Pod");
    }

    private async Task<long> CountAsync(Flow flow, CancellationToken cancel)
    {
        var counts = await DropCounters.ReadAsync(guide.Machines, flow.Server.Node, flow.Server.Address, flow.Protocol, flow.ServerPort, cancel);
        return flow.Client is null ? counts.Values.Sum() : counts.GetValueOrDefault(flow.Client.Address);
    }

    private async Task EachOpenAsync(IReadOnlyList<Flow> flows, CancellationToken cancel)
    {
        foreach (var flow in flows)
        {
            var (verdict, _, words) = await flow.TryAsync(guide, cancel);
            GuideContext.Require(verdict == openVerdict(flow), $"{flow} should answer {openVerdict(flow)}, but was {verdict}: {words}");
        }
    }

    private Task<Flow> SettleAsync(Flow flow, ProbeVerdict verdict, CancellationToken cancel) =>
        guide.EventuallyAsync($"{flow} {verdict}", s_settle, async () => (await flow.TryAsync(guide, cancel)).Verdict == verdict ? flow : null, cancel);

    private static string Names(IEnumerable<Flow> flows) => string.Join("; ", flows);
}
