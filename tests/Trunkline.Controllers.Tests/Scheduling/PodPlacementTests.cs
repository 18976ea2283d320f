using k8s.Models;
using Trunkline.Controllers.Scheduling;
using Trunkline.Controllers.Tests.Support;

namespace Trunkline.Controllers.Tests.Scheduling;

public class PodPlacementTests
{
    private const string NotHelpful = "Preemption is not helpful for scheduling";
    private const string NoVictims = "No preemption victims found for incoming pod";

    [Fact]
    public void No_nodes() => Assert.Equal("no nodes available to schedule pods", Decide(Make.Pod("p"), []).Message);

    [Fact]
    public void Each_node_says_its_first_reason_and_equal_ones_are_counted()
    {
        var decision = Decide(Make.Pod("p"),
        [
            Make.Node("control-plane-0", n => n.Spec.Taints = [new V1Taint { Key = "node-role.kubernetes.io/master", Effect = "NoSchedule" }]),
            Make.Node("worker-0", n => n.Spec.Unschedulable = true), Make.Node("worker-1", n => n.Spec.Unschedulable = true),
        ]);
        Assert.Null(decision.Node);
        Assert.Equal("0/3 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/master: }, 2 node(s) were unschedulable. "
            + $"preemption: 0/3 nodes are available: 3 {NotHelpful}.", decision.Message);
    }

    [Fact]
    public void A_node_that_is_not_ready_takes_nobody_even_before_it_is_tainted()
    {
        var node = Make.Node("w", n => n.Status.Conditions[0].Status = "False");
        Assert.Contains("1 node(s) had untolerated taint {node.kubernetes.io/not-ready: }", Decide(Make.Pod("p"), [node]).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("3", "1Gi", "1 Insufficient cpu")]
    [InlineData("1500m", "5Gi", "1 Insufficient memory")]
    [InlineData("3", "5Gi", "1 Insufficient cpu, 1 Insufficient memory")]
    public void Requests_must_fit(string cpu, string memory, string reason)
    {
        var message = Decide(Wants("p", cpu, memory), [Make.Node("w")]).Message;
        Assert.Equal($"0/1 nodes are available: {reason}. preemption: 0/1 nodes are available: 1 {NoVictims}.", message);
    }

    [Fact]
    public void What_is_placed_counts_and_what_is_over_does_not()
    {
        var node = Make.Node("w");
        Assert.Null(Decide(Wants("p", "1", "1Gi"), [node], (Wants("q", "1500m", "1Gi"), "w")).Node);
        var over = Wants("q", "1500m", "1Gi");
        over.Status = new V1PodStatus { Phase = "Succeeded" };
        Assert.Equal("w", Decide(Wants("p", "1", "1Gi"), [node], (over, "w")).Node);
    }

    [Fact]
    public void Spreads_by_fewest_Pods_then_by_name()
    {
        V1Node[] nodes = [Make.Node("worker-1"), Make.Node("worker-0")];
        Assert.Equal("worker-0", Decide(Make.Pod("p"), nodes).Node);
        Assert.Equal("worker-1", Decide(Make.Pod("p"), nodes, (Make.Pod("q"), "worker-0")).Node);
    }

    [Fact]
    public void A_soft_taint_is_avoided_but_not_refused()
    {
        var soft = Make.Node("a", n => n.Spec.Taints = [new V1Taint { Key = "UpdateInProgress", Effect = "PreferNoSchedule" }]);
        Assert.Equal("b", Decide(Make.Pod("p"), [soft, Make.Node("b")], (Make.Pod("q"), "b"), (Make.Pod("r"), "b")).Node);
        Assert.Equal("a", Decide(Make.Pod("p"), [soft]).Node);
    }

    [Fact]
    public void NodeSelector_and_required_affinity()
    {
        var pod = Make.Pod("p", with: p => p.Spec.NodeSelector = new Dictionary<string, string> { ["disk"] = "ssd" });
        Assert.Contains("1 node(s) didn't match Pod's node affinity/selector", Decide(pod, [Make.Node("w")]).Message, StringComparison.Ordinal);
        Assert.Equal("w", Decide(pod, [Make.Node("v"), Make.Node("w", n => n.Metadata.Labels["disk"] = "ssd")]).Node);

        var named = Make.Pod("p", with: p => p.Spec.Affinity = new V1Affinity
        {
            NodeAffinity = new V1NodeAffinity
            {
                RequiredDuringSchedulingIgnoredDuringExecution = new V1NodeSelector
                {
                    NodeSelectorTerms = [new V1NodeSelectorTerm(), new V1NodeSelectorTerm
                        { MatchFields = [new V1NodeSelectorRequirement { Key = "metadata.name", OperatorProperty = "In", Values = ["w"] }] }],
                },
            },
        });
        Assert.Equal("w", Decide(named, [Make.Node("v"), Make.Node("w")]).Node);
        Assert.Null(Decide(named, [Make.Node("v")]).Node);
    }

    [Fact]
    public void Anti_affinity_holds_both_ways()
    {
        var shy = Make.Pod("p", with: p =>
        {
            p.Metadata.Labels = new Dictionary<string, string> { ["app"] = "amf" };
            p.Spec.Affinity = new V1Affinity
            {
                PodAntiAffinity = new V1PodAntiAffinity
                {
                    RequiredDuringSchedulingIgnoredDuringExecution = [new V1PodAffinityTerm
                    {
                        TopologyKey = "kubernetes.io/hostname",
                        LabelSelector = new V1LabelSelector { MatchLabels = new Dictionary<string, string> { ["app"] = "amf" } },
                    }],
                },
            };
        });
        var plain = Make.Pod("q", with: p => p.Metadata.Labels = new Dictionary<string, string> { ["app"] = "amf" });
        Assert.Contains("1 node(s) didn't match pod anti-affinity rules", Decide(shy, [Make.Node("w")], (plain, "w")).Message, StringComparison.Ordinal);
        Assert.Contains("1 node(s) didn't satisfy existing pods anti-affinity rules", Decide(plain, [Make.Node("w")], (shy, "w")).Message, StringComparison.Ordinal);
        var elsewhere = Make.Pod("q", "other", p => p.Metadata.Labels = plain.Metadata.Labels);
        Assert.Equal("w", Decide(shy, [Make.Node("w")], (elsewhere, "w")).Node);
    }

    [Fact]
    public void Host_ports_are_taken_once_for_each_protocol()
    {
        Assert.Contains("1 node(s) didn't have free ports for the requested pod ports", Decide(OnHost("SCTP"), [Make.Node("w")], (OnHost("SCTP"), "w")).Message,
            StringComparison.Ordinal);
        Assert.Equal("w", Decide(OnHost("SCTP"), [Make.Node("w")], (OnHost("TCP"), "w")).Node);
    }

    [Fact]
    public void Init_containers_count_by_the_largest_and_sidecars_with_the_rest()
    {
        var pod = Wants("p", "500m", "100");
        pod.Spec.InitContainers = [Container("1", "50"), Container("200m", "10", "Always")];
        Assert.Equal(new PodRequests(1000, 110), PodRequests.Of(pod));
    }

    private static SchedulingDecision Decide(V1Pod pod, V1Node[] nodes, params (V1Pod Pod, string Node)[] placed) =>
        PodPlacement.Decide(pod, new SchedulingSnapshot(nodes, placed));

    private static V1Pod OnHost(string protocol) => Make.Pod(protocol, with: p =>
        p.Spec.Containers[0].Ports = [new V1ContainerPort { ContainerPort = 38412, HostPort = 38412, Protocol = protocol }]);

    private static V1Pod Wants(string name, string cpu, string memory) => Make.Pod(name, with: p => p.Spec.Containers = [Container(cpu, memory)]);

    private static V1Container Container(string cpu, string memory, string? restart = null) => new()
    {
        Name = "c",
        RestartPolicy = restart,
        Resources = new V1ResourceRequirements { Requests = new Dictionary<string, ResourceQuantity> { ["cpu"] = new(cpu), ["memory"] = new(memory) } },
    };
}
