using System.Diagnostics;
using k8s.Models;
using Trunkline.Controllers.Client;
using Trunkline.Controllers.Tests.Support;

namespace Trunkline.Controllers.Tests.Simulation;

public class ControllerHostTests
{
    [Fact]
    public async Task A_Pod_is_bound_started_and_becomes_an_endpoint_until_it_goes()
    {
        await using var lab = Lab();
        lab.Api.Put(Make.Service("sctpservice"));
        lab.Api.Put(Make.Pod("sctpserver", with: p => p.Metadata.Labels = App));
        await lab.UntilAsync(() => Slice(lab)?.Endpoints?.SingleOrDefault()?.Conditions.Ready == true, "endpoint");
        var pod = lab.Api.Get<V1Pod>("/pods", "demo", "sctpserver")!;
        Assert.Equal(pod.Status.PodIP, Slice(lab)!.Endpoints[0].Addresses[0]);
        Assert.Contains(pod.Spec.NodeName, new[] { "worker-0", "worker-1" });
        await lab.UntilAsync(() => lab.Api.Get<V1Endpoints>("/endpoints", "demo", "sctpservice")?.Subsets?.Count == 1, "mirror");
        await lab.UntilAsync(() => lab.Api.List<Corev1Event>("/events").Any(e =>
            e.Reason == "Scheduled" && e.Message == $"Successfully assigned demo/sctpserver to {pod.Spec.NodeName}"), "event");

        lab.Api.Remove("/pods", "demo", "sctpserver");
        await lab.UntilAsync(() => Slice(lab) is { Endpoints: null or { Count: 0 } }, "no endpoint");
        lab.Api.Remove("/services", "demo", "sctpservice");
        await lab.UntilAsync(() => Slice(lab) is null && lab.Api.Get<V1Endpoints>("/endpoints", "demo", "sctpservice") is null, "all gone");
    }

    [Fact]
    public async Task An_unschedulable_Pod_is_explained_and_bound_when_a_node_opens()
    {
        await using var lab = Lab(worker => worker.Spec.Unschedulable = true);
        lab.Api.Put(Make.Pod("p"));
        await lab.UntilAsync(() => lab.Api.Get<V1Pod>("/pods", "demo", "p")!.Condition("PodScheduled")?.Status == "False", "condition");
        var condition = lab.Api.Get<V1Pod>("/pods", "demo", "p")!.Condition("PodScheduled")!;
        Assert.Equal("Unschedulable", condition.Reason);
        Assert.StartsWith("0/2 nodes are available: 2 node(s) were unschedulable.", condition.Message, StringComparison.Ordinal);
        await lab.UntilAsync(() => lab.Api.List<Corev1Event>("/events").Any(e => e.Reason == "FailedScheduling" && e.Type == "Warning"), "event");
        lab.Api.Change("/nodes", null, "worker-1", n => n["spec"]!.AsObject().Remove("unschedulable"));
        await lab.UntilAsync(() => lab.Api.Get<V1Pod>("/pods", "demo", "p")!.Spec.NodeName == "worker-1", "bound");
    }

    [Fact]
    public async Task Reactions_take_milliseconds()
    {
        await using var lab = Lab();
        lab.Api.Put(Make.Pod("warm"));
        await lab.UntilAsync(() => !string.IsNullOrEmpty(lab.Api.Get<V1Pod>("/pods", "demo", "warm")!.Spec.NodeName), "bound");
        var best = TimeSpan.MaxValue;
        for (var i = 0; i < 10; i++)
        {
            var name = $"p{i}";
            var clock = Stopwatch.GetTimestamp();
            lab.Api.Put(Make.Pod(name));
            while (string.IsNullOrEmpty(lab.Api.Get<V1Pod>("/pods", "demo", name)!.Spec.NodeName))
            {
                await Task.Yield();
            }

            var took = Stopwatch.GetElapsedTime(clock);
            best = took < best ? took : best;
        }

        // The best of ten, so that a busy machine does not decide; a queue that polls or a fixed delay would show in every one.
        Assert.True(best < TimeSpan.FromMilliseconds(50), $"took {best}");
    }

    [Fact]
    public async Task Every_node_gets_a_range_and_a_silent_one_becomes_Unknown_and_comes_back()
    {
        await using var lab = new Harness(Harness.Fast with { NodeMonitorGracePeriod = TimeSpan.FromMilliseconds(700) }, before: api =>
        {
            api.Put(Make.Worker("worker-0"));
            api.Put(Make.Worker("worker-1"));
            api.Put(Make.Namespace("demo"));
            api.Put(Make.Running("p", "10.128.2.4"));
        });
        await lab.UntilAsync(() => lab.Api.List<V1Node>("/nodes").Select(n => n.Spec.PodCIDR).Order().SequenceEqual(["10.128.0.0/23", "10.128.2.0/23"]), "ranges");
        await lab.UntilAsync(() => Taints(lab).SetEquals(["node.kubernetes.io/unreachable:NoSchedule", "node.kubernetes.io/unreachable:NoExecute"]), "tainted");
        await lab.UntilAsync(() => lab.Api.Get<V1Pod>("/pods", "demo", "p") is null, "a Pod without a toleration is ended");
        lab.Api.Change("/nodes", null, "worker-0", n =>
        {
            n["status"]!["conditions"]![0]!["status"] = "True";
            n["status"]!["conditions"]![0]!["lastHeartbeatTime"] = "2026-11-23T13:00:00Z";
        });
        await lab.UntilAsync(() => Taints(lab).Count == 0, "clean again");
    }

    [Fact]
    public async Task A_namespace_has_its_contents_and_goes_only_when_it_is_empty()
    {
        await using var lab = Lab();
        await lab.UntilAsync(() => lab.Api.Get<V1ServiceAccount>("/serviceaccounts", "demo", "default") is not null
            && lab.Api.Get<V1ConfigMap>("/configmaps", "demo", "kube-root-ca.crt")?.Data["ca.crt"] == "-----BEGIN CERTIFICATE-----", "contents");
        lab.Api.Remove("/configmaps", "demo", "kube-root-ca.crt");
        await lab.UntilAsync(() => lab.Api.Get<V1ConfigMap>("/configmaps", "demo", "kube-root-ca.crt") is not null, "made again");

        lab.Api.Put(Make.Pod("p"));
        lab.Api.Put(Make.Service("s"));
        await lab.UntilAsync(() => lab.Api.Get<V1Pod>("/pods", "demo", "p")?.Status?.Phase == "Running", "running");
        lab.Agents.EndsPods = false;
        using var client = lab.Api.Client();
        await k8s.CoreV1OperationsExtensions.DeleteNamespaceAsync(client.CoreV1, "demo", cancellationToken: TestContext.Current.CancellationToken);
        await lab.UntilAsync(() => lab.Api.Get<V1Namespace>("/namespaces", null, "demo")?.Status.Conditions?.Any(c =>
            c is { Type: "NamespaceContentRemaining", Status: "True", Message: "Some resources are remaining: pods. has 1 resource instances" }) == true, "says what is left");
        lab.Agents.EndsPods = true;
        await lab.UntilAsync(() => lab.Api.Get<V1Namespace>("/namespaces", null, "demo") is null, "gone");
        await lab.UntilAsync(() => FakeKind.All.Where(k => k.Namespaced).All(k => lab.Api.Store.List(k.Collection, "demo").Items.Count == 0), "nothing is left");
    }

    [Fact]
    public async Task A_Deployment_runs_rolls_and_takes_everything_with_it()
    {
        await using var lab = Lab();
        lab.Api.Put(new V1Deployment
        {
            ApiVersion = "apps/v1",
            Kind = "Deployment",
            Metadata = new V1ObjectMeta { Name = "amf", NamespaceProperty = "demo" },
            Spec = new V1DeploymentSpec
            {
                Replicas = 3,
                Selector = new V1LabelSelector { MatchLabels = App },
                Template = new V1PodTemplateSpec
                {
                    Metadata = new V1ObjectMeta { Labels = App },
                    Spec = new V1PodSpec { Containers = [new V1Container { Name = "c", Image = "one" }] },
                },
            },
        });
        await lab.UntilAsync(() => Deployment(lab)?.Status?.AvailableReplicas == 3, "available");
        Assert.Equal(3, lab.Api.List<V1Pod>("/pods").Count);
        lab.Api.Change("apps/deployments", "demo", "amf", d => d["spec"]!["template"]!["spec"]!["containers"]![0]!["image"] = "two");
        await lab.UntilAsync(() => lab.Api.List<V1Pod>("/pods") is { Count: 3 } pods && pods.All(p => p.Spec.Containers[0].Image == "two"), "rolled");
        await lab.UntilAsync(() => Deployment(lab)!.Status.Conditions.Any(c => c is { Type: "Progressing", Reason: "NewReplicaSetAvailable" })
            && Deployment(lab)!.Status.UpdatedReplicas == 3, "complete");
        Assert.Equal("2", Deployment(lab)!.Annotation("deployment.kubernetes.io/revision"));

        lab.Api.Remove("apps/deployments", "demo", "amf");
        await lab.UntilAsync(() => lab.Api.List<V1ReplicaSet>("apps/replicasets").Count == 0 && lab.Api.List<V1Pod>("/pods").Count == 0, "collected");
    }

    [Fact]
    public async Task A_DaemonSet_has_one_Pod_on_each_node()
    {
        await using var lab = Lab();
        lab.Api.Put(new V1DaemonSet
        {
            ApiVersion = "apps/v1",
            Kind = "DaemonSet",
            Metadata = new V1ObjectMeta { Name = "probe", NamespaceProperty = "demo" },
            Spec = new V1DaemonSetSpec
            {
                Selector = new V1LabelSelector { MatchLabels = App },
                Template = new V1PodTemplateSpec
                {
                    Metadata = new V1ObjectMeta { Labels = App },
                    Spec = new V1PodSpec { Containers = [new V1Container { Name = "c", Image = "one" }] },
                },
            },
        });
        await lab.UntilAsync(() => lab.Api.Get<V1DaemonSet>("apps/daemonsets", "demo", "probe")?.Status?.NumberReady == 2, "ready");
        Assert.Equal(["worker-0", "worker-1"], lab.Api.List<V1Pod>("/pods").Select(p => p.Spec.NodeName).Order());
    }

    [Fact]
    public async Task Watches_that_break_or_are_too_old_lose_nothing()
    {
        await using var lab = Lab();
        lab.Api.Put(Make.Pod("a"));
        await lab.UntilAsync(() => !string.IsNullOrEmpty(lab.Api.Get<V1Pod>("/pods", "demo", "a")!.Spec.NodeName), "bound");
        lab.Api.Put(Make.Pod("b"));
        lab.Api.DropWatches();
        lab.Api.Put(Make.Pod("c"));
        lab.Api.Store.Compact();
        lab.Api.DropWatches();
        await lab.UntilAsync(() => lab.Api.List<V1Pod>("/pods").All(p => !string.IsNullOrEmpty(p.Spec.NodeName)), "all bound");
        lab.Api.Put(Make.Pod("d"));
        await lab.UntilAsync(() => lab.Api.List<V1Pod>("/pods") is { Count: 4 } pods && pods.All(p => !string.IsNullOrEmpty(p.Spec.NodeName)), "and goes on");
    }

    private static Dictionary<string, string> App => new() { ["app"] = "sctp" };

    private static Harness Lab(Action<V1Node>? with = null) => new(before: api =>
    {
        api.Put(Make.Namespace("demo"));
        api.Put(Make.Namespace("default"));
        api.Put(Make.Worker("worker-0", with: with));
        api.Put(Make.Worker("worker-1", with: with));
    });

    private static V1Deployment? Deployment(Harness lab) => lab.Api.Get<V1Deployment>("apps/deployments", "demo", "amf");

    private static V1EndpointSlice? Slice(Harness lab) => lab.Api.List<V1EndpointSlice>("discovery.k8s.io/endpointslices").SingleOrDefault();

    private static HashSet<string> Taints(Harness lab) =>
        [.. lab.Api.Get<V1Node>("/nodes", null, "worker-0")?.Spec.Taints?.Select(t => $"{t.Key}:{t.Effect}") ?? []];
}
