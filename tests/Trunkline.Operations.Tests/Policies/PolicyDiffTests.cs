using System.Net.Sockets;
using Trunkline.Operations.Cluster;
using Trunkline.Operations.Objects;
using Trunkline.Operations.Policies;
using Trunkline.Operations.Reports;
using Trunkline.Policy.Compiled;
using Trunkline.Policy.Evaluation;
using Trunkline.Policy.Model;
using Xunit;

namespace Trunkline.Operations.Tests.Policies;

public sealed class PolicyDiffTests
{
    [Fact]
    public void A_policy_that_allows_the_client_alone_cuts_everybody_else()
    {
        var (diff, told) = Compare(Demo.Objects(), Demo.AllowClient);
        Assert.Equal((0, told.Count), diff.Count);
        Assert.All(told, flow => Assert.Equal("sctp-demo/sctpserver", $"{flow.Destination}"));
        var stranger = Assert.Single(told, flow => $"{flow.Source}" == "default/stranger");
        Assert.Equal(["SCTP 30102", "SCTP any other port"], stranger.Ports.Select(port => $"{port}"));
        Assert.Contains("isolated by sctp-demo/allow-client", $"{stranger.After.Ingress}", StringComparison.Ordinal);
        var client = Assert.Single(told, flow => $"{flow.Source}" == "sctp-demo/sctpclient");
        Assert.Equal(["SCTP any other port"], client.Ports.Select(port => $"{port}"));
        Assert.Contains(told, flow => $"{flow.Source}" == "203.0.113.1");
        Assert.DoesNotContain(told, flow => $"{flow.Source}" == "192.168.1.10"); // its own node is never kept out
    }

    [Fact]
    public void What_is_deleted_opens_what_it_kept_closed()
    {
        var before = Demo.Objects(Demo.AllowClient);
        var after = ObjectChanges.Delete(before, Demo.Manifests(Demo.AllowClient), "default", []);
        var (opened, cut) = Count(before, after);
        Assert.Equal(0, cut);
        Assert.Equal(Compare(Demo.Objects(), Demo.AllowClient).Told.Count(flow => flow.Ports.Any(port => port.Port == 30102)), opened);
    }

    [Fact]
    public void A_network_of_one_family_changes_flows_of_that_family_alone()
    {
        var policy = Demo.AllowClient.Replace("[{podSelector: {matchLabels: {app: sctpclient}}}]", "[{ipBlock: {cidr: 10.128.0.0/14}}, {ipBlock: {cidr: \"fd01::/64\", except: [\"fd01::22/128\"]}}]", StringComparison.Ordinal)
            .Replace(", ports: [{protocol: SCTP, port: 30102}]", "", StringComparison.Ordinal);
        var (_, told) = Compare(Demo.Objects(), policy);
        var client = Assert.Single(told, flow => $"{flow.Source}" == "sctp-demo/sctpclient");
        Assert.Equal(AddressFamily.InterNetworkV6, client.Family);
        Assert.DoesNotContain(told, flow => $"{flow.Source}" == "default/stranger");
    }

    [Fact]
    public void Labels_of_Pods_and_namespaces_count()
    {
        var byTeam = Demo.AllowClient.Replace("{podSelector: {matchLabels: {app: sctpclient}}}", "{namespaceSelector: {matchLabels: {team: blue}}}", StringComparison.Ordinal);
        var before = Demo.Objects(byTeam);
        var named = ObjectChanges.Apply(before, Demo.Manifests("{apiVersion: v1, kind: Namespace, metadata: {name: sctp-demo, labels: {team: blue}}}"), "default", []);
        Assert.Equal((1, 0), Count(before, named));
        var labelled = ObjectChanges.Apply(Demo.Objects(Demo.AllowClient), Demo.Manifests("{apiVersion: v1, kind: Pod, metadata: {name: sctpclient, labels: {app: other}}}"), "sctp-demo", []);
        Assert.Equal((0, 1), Count(Demo.Objects(Demo.AllowClient), labelled));
    }

    [Fact]
    public void What_no_verdict_depends_on_is_passed_over_and_a_policy_without_spec_is_refused()
    {
        var passedOver = new List<string>();
        ObjectChanges.Apply(Demo.Objects(), Demo.Manifests("{apiVersion: v1, kind: ConfigMap, metadata: {name: c}}\n---\n{apiVersion: apps/v1, kind: Deployment, metadata: {name: d}}"), "default", passedOver);
        Assert.Equal(["ConfigMap c", "Deployment d"], passedOver);
        var error = Assert.Throws<ClusterException>(() => ObjectChanges.Apply(Demo.Objects(), Demo.Manifests("{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: deny, spec: {podSelector: null}}}"), "x", []));
        Assert.Contains("NetworkPolicy x/deny has no spec (it stands under metadata)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ports_are_asked_for_at_the_ends_of_ranges_and_beside_them()
    {
        var range = Demo.AllowClient.Replace("port: 30102", "port: 100, endPort: 200", StringComparison.Ordinal);
        var objects = Demo.Objects(range);
        var questions = PortQuestions.Whole([(objects, PolicyClusters.Of(objects))], TransportProtocol.Sctp);
        Assert.Equal([99, 100, 200, 201, 30102, 1], questions.Select(question => question.Port));
        Assert.True(questions[^1].IsAnyOther);
        Assert.Equal([30102], PortQuestions.Declared(objects, TransportProtocol.Sctp).Select(question => question.Port));
    }

    // The judge that asks for each flow by itself says the same.
    [Fact]
    public void Every_difference_is_one_that_the_evaluator_sees_and_none_is_missed()
    {
        string[] policies =
        [
            Demo.AllowClient,
            Demo.AllowClient.Replace("allow-client", "by-namespace", StringComparison.Ordinal).Replace("{podSelector: {matchLabels: {app: sctpclient}}}", "{namespaceSelector: {matchLabels: {team: blue}}}", StringComparison.Ordinal),
            "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: none, namespace: sctp-demo}, spec: {podSelector: {}, policyTypes: [Ingress, Egress]}}",
            "{apiVersion: policy.networking.k8s.io/v1alpha2, kind: ClusterNetworkPolicy, metadata: {name: admin}, spec: {tier: Admin, priority: 1, subject: {namespaces: {}}, ingress: [{action: Accept, from: [{namespaces: {matchLabels: {team: blue}}}]}]}}",
        ];
        for (var pair = 0; pair < 256; pair++)
        {
            var (before, after) = (Demo.Objects([.. policies.Where((_, bit) => (pair >> bit & 1) != 0)]), Demo.Objects([.. policies.Where((_, bit) => (pair >> (bit + 4) & 1) != 0)]));
            var (now, then) = (PolicyClusters.Of(before), PolicyClusters.Of(after));
            var questions = PortQuestions.Whole([(before, now), (after, then)], TransportProtocol.Sctp);
            var told = new PolicyDiff(now, then).Compare(questions, int.MaxValue);
            foreach (var source in now.Pods.Where(pod => pod.IsSelectable))
            {
                foreach (var destination in now.Pods.Where(pod => pod.IsSelectable))
                {
                    foreach (var question in questions)
                    {
                        var (was, willBe) = (Allowed(now, source, destination, question), Allowed(then, source, destination, question));
                        Assert.Equal(was != willBe, told.Any(flow => flow.Source.Pod == source && flow.Destination.Pod == destination && flow.Opens == willBe && flow.Ports.Contains(question)));
                    }
                }
            }
        }
    }

    [Fact]
    public void A_matrix_has_the_Pods_of_one_namespace_or_all()
    {
        var policies = CompiledPolicies.Compile(PolicyClusters.Of(Demo.Objects(Demo.AllowClient)));
        var all = ReachMatrix.Of(policies, new PortQuestion(TransportProtocol.Sctp, 30102), AddressFamily.InterNetwork, null);
        Assert.Equal(["sctp-demo/sctpserver", "sctp-demo/sctpclient", "default/stranger"], all.Pods.Select(pod => $"{pod}"));
        Assert.Equal((5, 6), all.Count);
        Assert.Equal([[0, 1, 2], [0, 1, 2], [1, 2]], all.Rows);
        Assert.Equal((2, 2), ReachMatrix.Of(policies, new PortQuestion(TransportProtocol.Sctp, 30102), AddressFamily.InterNetworkV6, "sctp-demo").Count);
        Assert.Equal("0-2,5,7-8", PolicyJson.Ranges([0, 1, 2, 5, 7, 8]));
    }

    private static bool Allowed(PolicyCluster cluster, PolicyPod source, PolicyPod destination, PortQuestion question) =>
        PolicyEvaluator.Evaluate(cluster, FlowEnd.Of(Of(cluster, source)), FlowEnd.Of(Of(cluster, destination)), question.Protocol, question.Port).Allowed;

    private static PolicyPod Of(PolicyCluster cluster, PolicyPod pod) => cluster.Pods.Single(other => other.Namespace == pod.Namespace && other.Name == pod.Name);

    private static (int, int) Count(ClusterObjects before, ClusterObjects after)
    {
        var (now, then) = (PolicyClusters.Of(before), PolicyClusters.Of(after));
        var diff = new PolicyDiff(now, then);
        diff.Compare([new PortQuestion(TransportProtocol.Sctp, 30102)], 0);
        return diff.Count;
    }

    private static (PolicyDiff Diff, IReadOnlyList<FlowDifference> Told) Compare(ClusterObjects before, string manifests)
    {
        var after = ObjectChanges.Apply(before, Demo.Manifests(manifests), "default", []);
        var (now, then) = (PolicyClusters.Of(before), PolicyClusters.Of(after));
        var diff = new PolicyDiff(now, then);
        return (diff, diff.Compare(PortQuestions.Whole([(before, now), (after, then)], TransportProtocol.Sctp), int.MaxValue));
    }
}
