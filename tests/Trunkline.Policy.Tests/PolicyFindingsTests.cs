using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using CsCheck;
using Trunkline.Policy.Cases.Documents;
using Trunkline.Policy.Cases.Random;
using Trunkline.Policy.Cases.Tables;
using Trunkline.Policy.Compiled;
using Trunkline.Policy.Evaluation;
using Trunkline.Policy.Findings;
using Trunkline.Policy.Model;
using Xunit;

namespace Trunkline.Policy.Tests;

/// <summary>What is without effect is named, with the reason; and taking it away really changes nothing.</summary>
public sealed class PolicyFindingsTests
{
    private static readonly string[] s_strangers = ["192.168.126.12", "192.168.126.200", "fd00:126::12", "fd00:126::200", "8.8.8.8", "10.128.2.99"];

    private static string[] Of(string policies) =>
    [
        .. PolicyFindings.Of(ClusterDocuments.Read([.. YamlDocuments.Read(Path.Combine(GridCase.Root, "cluster.yaml")), .. YamlDocuments.Parse(new StringReader(policies))]))
            .Select(finding => $"{finding.Kind} {finding}"),
    ];

    private static string Policy(string name, string spec, string ns = "x") => $"---\nkind: NetworkPolicy\nmetadata: {{namespace: {ns}, name: {name}}}\nspec: {spec}\n";

    private static string Cluster(string name, string spec) => $"---\nkind: ClusterNetworkPolicy\nmetadata: {{name: {name}}}\nspec: {spec}\n";

    [Fact]
    public void A_policy_that_does_its_work_has_no_findings() => Assert.Empty(Of(
        Policy("p", "{podSelector: {matchLabels: {pod: a}}, ingress: [{from: [{podSelector: {matchLabels: {pod: b}}}], ports: [{protocol: SCTP, port: sctp-80}]}]}")));

    [Fact]
    public void Nobody_is_selected() => Assert.Equal(["SelectsNobody x/p: it selects no Pod"], Of(Policy("p", "{podSelector: {matchLabels: {pod: d}}}")));

    [Fact]
    public void Nobody_is_meant() => Assert.Equal(
        ["RuleWithoutEffect x/p ingress[0]: its peers are nobody now", "PeerMatchesNobody x/p ingress[0].from[0]: Pods {pod=d} of the policy's namespace: it is nobody now"],
        Of(Policy("p", "{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {pod: d}}}]}]}")));

    [Fact]
    public void A_name_is_declared_for_another_protocol() => Assert.Equal(
        [
            "RuleWithoutEffect x/p ingress[0]: port sctp-80 is declared for SCTP only, not for TCP",
            "PortNameUnknown x/p ingress[0].ports[0]: port sctp-80 is declared for SCTP only, not for TCP",
        ],
        Of(Policy("p", "{podSelector: {}, ingress: [{ports: [{port: sctp-80}]}]}")));

    [Fact]
    public void A_name_is_declared_by_nobody() => Assert.Contains(
        "PortNameUnknown x/p egress[0].ports[1]: no destination declares a port sig",
        Of(Policy("p", "{podSelector: {}, policyTypes: [Egress], egress: [{ports: [{protocol: SCTP, port: 80}, {protocol: SCTP, port: sig}]}]}")));

    [Fact]
    public void Rules_of_a_direction_that_is_not_named() => Assert.Equal(
        ["DirectionNotNamed x/p egress: policyTypes does not name Egress: these rules say nothing"],
        Of(Policy("p", "{podSelector: {}, policyTypes: [Ingress], egress: [{}]}")));

    [Fact]
    public void A_rule_that_another_policy_covers() => Assert.Equal(
        ["PolicyWithoutEffect x/narrow: ingress: x/wide ingress[0] says as much or more"],
        Of(Policy("wide", "{podSelector: {}, ingress: [{from: [{namespaceSelector: {}}]}]}")
            + Policy("narrow", "{podSelector: {matchLabels: {pod: a}}, ingress: [{from: [{podSelector: {matchLabels: {pod: b}}}], ports: [{protocol: SCTP, port: 80}]}]}")));

    [Fact]
    public void Deny_all_beside_another_policy_of_the_same_Pods() => Assert.Equal(
        ["PolicyWithoutEffect x/deny: ingress: its Pods are isolated by others, and it allows nothing"],
        Of(Policy("allow", "{podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}") + Policy("deny", "{podSelector: {}}")));

    [Fact]
    public void Halves_that_together_say_what_a_third_says() => Assert.Contains(
        "RuleWithoutEffect x/p ingress[2]: other rules together say the same",
        Of(Policy("p", """
            {podSelector: {}, ingress: [{ports: [{protocol: SCTP, port: 1, endPort: 100}]}, {ports: [{protocol: SCTP, port: 101, endPort: 65535}]},
            {ports: [{protocol: SCTP, port: 50, endPort: 150}]}]}
            """)));

    [Fact]
    public void A_peer_and_a_port_too_many() => Assert.Equal(
        [
            "PeerWithoutEffect x/p ingress[0].from[1]: Pods {pod=b} of the policy's namespace: what it says is already decided by others",
            "PortWithoutEffect x/p ingress[0].ports[0]: SCTP 80: what it says is already decided by others",
        ],
        Of(Policy("p", "{podSelector: {matchLabels: {pod: a}}, ingress: [{from: [{podSelector: {}}, {podSelector: {matchLabels: {pod: b}}}], ports: [{protocol: SCTP, port: 80}, {protocol: SCTP}]}]}")));

    [Fact]
    public void An_SCTP_rule_in_the_shadow_of_the_Admin_tier() => Assert.Equal(
        ["RuleWithoutEffect x/p ingress[0]: the Admin tier decides all of its traffic"],
        Of(Cluster("no-sctp", "{tier: Admin, priority: 1, subject: {namespaces: {}}, ingress: [{action: Deny, from: [{namespaces: {}}], protocols: [{sctp: {destinationPort: {range: {start: 1, end: 65535}}}}]}]}")
            + Policy("p", "{podSelector: {}, ingress: [{from: [{podSelector: {}}], ports: [{protocol: SCTP, port: 80}]}]}")));

    [Fact]
    public void A_cluster_rule_that_is_asked_too_late() => Assert.Equal(
        ["RuleWithoutEffect p ingress[1]: p ingress[0] says as much or more"],
        Of(Cluster("p", "{tier: Admin, priority: 1, subject: {namespaces: {}}, ingress: [{action: Deny, from: [{namespaces: {}}]}, {action: Accept, from: [{namespaces: {matchLabels: {ns: x}}}]}]}")));

    [Fact]
    public void A_Baseline_policy_behind_a_NetworkPolicy() => Assert.Equal(
        ["PolicyWithoutEffect p: ingress: NetworkPolicies isolate all of its Pods, and their word is final"],
        Of(Cluster("p", "{tier: Baseline, priority: 1, subject: {namespaces: {matchLabels: {ns: x}}}, ingress: [{action: Deny, from: [{namespaces: {}}]}]}")
            + Policy("own", "{podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}")));

    [Fact]
    public void What_only_keeps_Pods_from_their_own_node_has_an_effect() => Assert.Empty(
        Of(Cluster("p", "{tier: Admin, priority: 1, subject: {namespaces: {matchLabels: {ns: x}}}, egress: [{action: Deny, to: [{networks: [192.168.126.11/32]}]}]}")
            + Policy("nothing-leaves", "{podSelector: {}, policyTypes: [Egress]}")));

    [Fact]
    public void A_rule_that_fails_closed() => Assert.Equal(
        ["Unreadable p ingress[0]: it fails closed: from[0] is of no known kind"],
        Of(Cluster("p", "{tier: Admin, priority: 1, subject: {namespaces: {}}, ingress: [{action: Deny, from: [{}]}]}")));

    [Fact]
    public void Taking_away_what_is_without_effect_changes_no_verdict() => ClusterGen.Documents.Sample(
        texts =>
        {
            var documents = ClusterGen.Parse(texts);
            var before = Verdicts(documents);
            foreach (var finding in PolicyFindings.Of(ClusterDocuments.Read(documents)))
            {
                var left = documents.Select(item => item.DeepClone()).ToList();
                var policy = left.Single(item => (string?)item["kind"] is "NetworkPolicy" or "ClusterNetworkPolicy" && NameOf(item) == finding.Policy);
                switch (finding.Kind)
                {
                    case FindingKind.SelectsNobody or FindingKind.PolicyWithoutEffect:
                        left.Remove(policy);
                        break;
                    case FindingKind.RuleWithoutEffect:
                        Explicit(policy);
                        policy["spec"]![finding.Direction == TrafficDirection.Ingress ? "ingress" : "egress"]!.AsArray().RemoveAt(finding.Rule!.Value);
                        break;
                    default:
                        continue;
                }

                if (!before.SequenceEqual(Verdicts(left)))
                {
                    throw new InvalidOperationException($"without it verdicts are others: {finding.Kind} {finding}");
                }
            }
        },
        iter: 200, print: texts => string.Join('\n', texts));

    private static string NameOf(JsonNode item) => (string?)item["kind"] == "NetworkPolicy" ? $"{ClusterDocuments.NamespaceOf(item)}/{ClusterDocuments.NameOf(item)}" : ClusterDocuments.NameOf(item);

    // What isolates must not depend on how many rules are left.
    private static void Explicit(JsonNode policy)
    {
        if ((string?)policy["kind"] == "NetworkPolicy" && policy["spec"]!["policyTypes"] is null)
        {
            policy["spec"]!["policyTypes"] = policy["spec"]!["egress"]!.AsArray().Count > 0 ? new JsonArray("Ingress", "Egress") : new JsonArray("Ingress");
        }
    }

    private static List<bool> Verdicts(IReadOnlyCollection<JsonNode> documents)
    {
        var compiled = CompiledPolicies.Compile(ClusterDocuments.Read(documents));
        var ends = compiled.Pods.Select((_, pod) => pod).ToList();
        var strangers = s_strangers.Select(text => FlowEnd.Of(IPAddress.Parse(text))).ToList();
        return
        [
            .. from protocol in Enum.GetValues<TransportProtocol>() from port in new[] { 1, 80, 81, 82, 83, 90, 92, 93 } from source in ends from destination in ends
               from family in new[] { AddressFamily.InterNetwork, AddressFamily.InterNetworkV6 }
               where Has(source, family) && Has(destination, family) // who has no address sends and gets nothing
               select compiled.IsAllowed(source, destination, protocol, port, family),
            .. from protocol in Enum.GetValues<TransportProtocol>() from port in new[] { 1, 80, 81, 82, 83, 90, 92, 93 } from pod in ends from stranger in strangers
               where Has(pod, stranger.Address!.AddressFamily)
               from coming in new[] { true, false } let end = FlowEnd.Of(compiled.Pods[pod])
               select coming ? compiled.IsAllowed(stranger, end, protocol, port) : compiled.IsAllowed(end, stranger, protocol, port),
        ];

        bool Has(int pod, AddressFamily family) => compiled.Pods[pod].AddressOf(family) is not null;
    }
}
