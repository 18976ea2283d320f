using System.Text.Json.Nodes;
using Trunkline.Operations.Captures;
using Trunkline.Operations.Cluster;
using Trunkline.Operations.Machines;

namespace Trunkline.Operations.Guide.Steps;

/// <summary>The MachineConfig, as written: the worker pool takes it one node at a time, and each node reboots with SCTP.</summary>
internal sealed class LoadTheModule : IGuideStep
{
    private const string PoolPath = "/apis/machineconfiguration.openshift.io/v1/machineconfigpools";
    private const string Witnesses = "drain-witness";
    private const string RunMarker = "/run/before-reboot";
    private const string EtcMarker = "/etc/before-reboot";
    private static readonly TimeSpan s_rollout = TimeSpan.FromMinutes(3);

    public string Title => "load-sctp-module.yaml: the worker pool reboots with SCTP, one node at a time";

    public async Task WalkAsync(GuideContext guide, CancellationToken cancel)
    {
        var before = new List<NodeBefore>();
        await guide.NewProjectAsync(Witnesses, cancel);
        foreach (var worker in await guide.NodesAsync("worker", cancel))
        {
            before.Add(await LookAsync(guide, worker, cancel));
        }

        var workers = before.Select(w => w.Name).ToHashSet(StringComparer.Ordinal);
        var manifest = GuideManifests.Object(GuideManifests.MachineConfig);
        var name = GuideContext.Text(manifest["metadata"]!["name"]);

        var nodes = (await guide.Api.GetAsync("/api/v1/nodes", cancel)).Expect("list nodes");
        var start = GuideContext.Text(nodes["metadata"]!["resourceVersion"]);
        var log = new WatchLog();
        await using (log)
        {
            log.Add(guide.Api, "/api/v1/nodes", start);
            log.Add(guide.Api, $"/api/v1/namespaces/{Witnesses}/pods", start);
            log.Add(guide.Api, PoolPath, start);
            log.Add(guide.Api, "/apis/machineconfiguration.openshift.io/v1/machineconfigs", start);
            await guide.CreateAsync(manifest, "default", cancel);
            guide.Say($"MachineConfig {name} created as written");
            await CompleteAsync(guide, name, cancel);
        }

        Judge(guide, new Rollout(nodes["items"]!.AsArray().OfType<JsonObject>(), workers, log.Events), workers, name);
        foreach (var worker in before)
        {
            await RebootedAsync(guide, worker, cancel);
        }

        foreach (var node in await guide.NodesAsync(role: null, cancel))
        {
            await ModuleAsync(guide, node, workers, cancel);
        }

        await guide.DeleteAsync(new ResourcePath("/api/v1/namespaces", Witnesses), cancel);
    }

    private static async Task<NodeBefore> LookAsync(GuideContext guide, JsonNode node, CancellationToken cancel)
    {
        var name = GuideContext.Text(node["metadata"]!["name"]);
        await guide.SleeperAsync(Witnesses, $"on-{name}", [], name, cancel); // something to drain
        await guide.Machines.ReadAsync(name, ["/bin/sh", "-c", $"echo before > {RunMarker}; echo before > {EtcMarker}"], cancel);
        return new NodeBefore(name, BootId(node), await guide.Machines.ProcessesAsync(name));
    }

    private static Task<JsonNode> CompleteAsync(GuideContext guide, string machineConfig, CancellationToken cancel) =>
        guide.EventuallyAsync("the worker pool Updated", s_rollout, async () =>
        {
            var pool = (await guide.Api.GetAsync($"{PoolPath}/worker", cancel)).Expect("get mcp/worker");
            GuideContext.Require(!Rollout.Condition(pool, "Degraded"), $"the worker pool is Degraded: {pool["status"]?["conditions"]?.ToJsonString()}");
            return Rollout.Complete(pool, machineConfig) ? pool : null;
        }, cancel);

    private static void Judge(GuideContext guide, Rollout rollout, HashSet<string> workers, string machineConfig)
    {
        GuideContext.Require(rollout.UpdatingThenUpdated("worker"), "the worker pool was not seen Updating and then Updated");
        var order = rollout.CordonOrder();
        GuideContext.Require(workers.SetEquals(order), $"cordoned were {string.Join(", ", order)}, not every worker");
        GuideContext.Require(rollout.MostUnschedulable() == 1, $"{rollout.MostUnschedulable()} workers were unschedulable at once");
        GuideContext.Require(workers.SetEquals(rollout.Drained()), $"a Pod was seen to leave only {string.Join(", ", rollout.Drained())} before its reboot");
        GuideContext.Require(workers.SetEquals(rollout.SeenNotReady()), $"NotReady was seen only of {string.Join(", ", rollout.SeenNotReady())}");
        guide.Say($"pool worker went Updating and then Updated; cordoned one at a time: {string.Join(", then ", order)}; each was drained of its Pod, and then seen NotReady");

        var moment = rollout.ReadyTooSoon(machineConfig, "worker");
        GuideContext.Require(moment is not null, "no moment was seen at which all nodes were Ready and the pool had not begun");
        guide.Say($"at resourceVersion {moment} the MachineConfig existed, all nodes were Ready, and the pool had not begun: waiting for Ready is wrong");
    }

    private static async Task RebootedAsync(GuideContext guide, NodeBefore before, CancellationToken cancel)
    {
        var node = (await guide.Api.GetAsync($"/api/v1/nodes/{before.Name}", cancel)).Expect($"get node {before.Name}");
        GuideContext.Require(BootId(node) != before.BootId, $"{before.Name} still has bootID {before.BootId}");
        GuideContext.Require(node["spec"]?["unschedulable"] is null, $"{before.Name} is still unschedulable");
        var survivors = before.Processes.Intersect(await guide.Machines.ProcessesAsync(before.Name)).ToList();
        GuideContext.Require(survivors.Count == 0, $"{survivors.Count} processes of {before.Name} from before its reboot still run");

        var files = await guide.Machines.ReadAsync(
            before.Name,
            [
                "/bin/sh", "-c",
                $"test ! -e {RunMarker} && test -e {EtcMarker} && rm {EtcMarker} && stat -c '%n %a %s' /etc/modprobe.d/sctp-blacklist.conf /etc/modules-load.d/sctp-load.conf && cat /etc/modules-load.d/sctp-load.conf",
            ],
            cancel);
        const string expected = "/etc/modprobe.d/sctp-blacklist.conf 644 0\n/etc/modules-load.d/sctp-load.conf 644 4\nsctp";
        GuideContext.Require(files == expected, $"{before.Name} has not the files of the MachineConfig, but: {files}");
        guide.Say($"{before.Name}: new bootID {BootId(node)}, none of {before.Processes.Count} processes left, its /run new and its /etc kept, both files there with mode 0644");
    }

    // Whether the module is there is asked of the node itself, by a packet: SCTP answers a closed port with ABORT, its absence is an ICMP error.
    private static async Task ModuleAsync(GuideContext guide, JsonNode node, HashSet<string> workers, CancellationToken cancel)
    {
        var name = GuideContext.Text(node["metadata"]!["name"]);
        var address = GuideContext.AddressOf(node);
        var expectAbort = workers.Contains(name);
        var outside = new CapturePoint("outside-host", MachineNames.External, NetworkNamespace: null);
        await guide.EventuallyAsync($"{name} to answer {(expectAbort ? "with ABORT" : "with ICMP type 3 code 2")}", TimeSpan.FromSeconds(10), async () =>
        {
            await using var capture = await guide.CaptureAsync(outside, $"host {address} and (sctp or icmp)", cancel);
            await guide.Machines.RunAsync(MachineNames.External, ["nc", "-v", "-z", "-w", "1", "--sctp", address, "9"], cancel);
            var packets = await capture.StopAsync(cancel);
            var aborted = packets.Any(p => p.Chunks.Contains("ABORT") && p.Source.ToString() == address && p.ChecksumGood);
            var unreachable = packets.Any(p => p.Icmp == (3, 2) && p.Source.ToString() == address);
            return expectAbort == aborted && expectAbort != unreachable ? name : null;
        }, cancel);
        guide.Say($"{name}: an INIT to a closed port is answered with {(expectAbort ? "ABORT: the module is loaded" : "ICMP type 3 code 2: no module")}");
    }

    private static string BootId(JsonNode node) => GuideContext.Text(node["status"]!["nodeInfo"]!["bootID"]);
}
