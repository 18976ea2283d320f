using System.Text.Json.Nodes;
using k8s.Models;
using Trunkline.Controllers.Client;

namespace Trunkline.Controllers.Tests.Support;

/// <summary>
/// Stands for every node's agent: starts bound Pods, ends deleted ones, and follows the machine config annotations as the daemon does:
/// Working, ask for the drain, reboot, Done, ask to be uncordoned. Writes down what it sees.
/// </summary>
internal sealed class FakeAgents(FakeApi api)
{
    private const string Prefix = "machineconfiguration.openshift.io/";

    private static readonly TimeSpan _rebootTime = TimeSpan.FromMilliseconds(150);

    private readonly Dictionary<string, long> _down = [];
    private int _addresses = 4;

    /// <summary>Most nodes cordoned at one time, among those seen.</summary>
    public int MostCordoned { get; private set; }

    public List<string> Rebooted { get; } = [];

    /// <summary>Whether deleted Pods end; a real one may take its whole grace period.</summary>
    public bool EndsPods { get; set; } = true;

    public async Task RunAsync(CancellationToken token)
    {
        long seen = -1;
        var ended = false;
        while (!token.IsCancellationRequested)
        {
            if (api.Store.Revision == seen && _down.Count == 0 && ended && EndsPods)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, CancellationToken.None);
                continue;
            }

            if (api.Store.Revision == seen)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, CancellationToken.None);
            }

            // Pods that were kept when this round began may be ended in the next, though nothing else changes.
            ended = EndsPods;
            seen = api.Store.Revision;
            foreach (var pod in api.List<V1Pod>("/pods"))
            {
                Step(pod);
            }

            var nodes = api.List<V1Node>("/nodes");
            MostCordoned = Math.Max(MostCordoned, nodes.Count(n => n.Spec?.Unschedulable == true));
            nodes.ForEach(Step);
        }
    }

    private void Step(V1Pod pod)
    {
        if (string.IsNullOrEmpty(pod.Spec.NodeName))
        {
            return;
        }

        if (pod.IsDeleting())
        {
            if (EndsPods)
            {
                api.Remove("/pods", pod.Metadata.NamespaceProperty, pod.Metadata.Name);
            }
        }
        else if (pod.Status?.Phase is null or "Pending")
        {
            var ip = $"10.128.2.{_addresses++}";
            api.Change("/pods", pod.Metadata.NamespaceProperty, pod.Metadata.Name, p => p["status"] = new JsonObject
            {
                ["phase"] = "Running",
                ["podIP"] = ip,
                ["podIPs"] = new JsonArray(new JsonObject { ["ip"] = ip }),
                ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = "True", ["lastTransitionTime"] = "2026-11-23T00:00:00Z" }),
            });
        }
    }

    private void Step(V1Node node)
    {
        var (current, desired, state) = (Note(node, "currentConfig"), Note(node, "desiredConfig"), Note(node, "state"));
        if (desired is null)
        {
            return;
        }

        if (current == desired)
        {
            if (state != "Done")
            {
                Annotate(node, ("state", "Done"));
            }

            return;
        }

        var drain = $"drain-{desired}";
        if (state != "Working")
        {
            Annotate(node, ("state", "Working"), ("desiredDrain", drain));
        }
        else if (Note(node, "lastAppliedDrain") == drain)
        {
            Assert.True(node.Spec.Unschedulable, "a node was called drained that is not cordoned");
            Reboot(node, desired);
        }
    }

    /// <summary>Takes a while, and the node is seen NotReady in it.</summary>
    private void Reboot(V1Node node, string desired)
    {
        var name = node.Metadata.Name;
        if (_down.TryAdd(name, TimeProvider.System.GetTimestamp()))
        {
            SetReady(name, "False");
        }
        else if (TimeProvider.System.GetElapsedTime(_down[name]) > _rebootTime)
        {
            _down.Remove(name);
            Rebooted.Add(name);
            SetReady(name, "True");
            Annotate(node, ("currentConfig", desired), ("state", "Done"), ("desiredDrain", $"uncordon-{desired}"));
        }
    }

    private void SetReady(string name, string status) =>
        api.Change("/nodes", null, name, n => n["status"]!["conditions"]!.AsArray().Single(c => (string?)c!["type"] == "Ready")!["status"] = status);

    private static string? Note(V1Node node, string name) => node.Annotation(Prefix + name);

    private void Annotate(V1Node node, params (string Name, string Value)[] notes) => api.Change("/nodes", null, node.Metadata.Name, n =>
    {
        n["metadata"]!["annotations"] ??= new JsonObject();
        foreach (var (name, value) in notes)
        {
            n["metadata"]!["annotations"]![Prefix + name] = value;
        }
    });
}
