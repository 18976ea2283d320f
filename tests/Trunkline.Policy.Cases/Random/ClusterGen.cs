using System.Text.Json.Nodes;
using CsCheck;

namespace Trunkline.Policy.Cases.Random;

/// <summary>Random small clusters as documents (JSON, so that a counterexample can be read and pasted), shrunk by CsCheck; every feature of policies is in reach.</summary>
public static class ClusterGen
{
    public static readonly string[] Protocols = ["TCP", "UDP", "SCTP"];
    public static readonly int[] Ports = [80, 81, 90];
    private static readonly string[] s_values = ["a", "b", "c"];

    /// <summary>Documents of one cluster, one a line; namespaces, nodes and an outside that never change are not among them.</summary>
    public static Gen<string[]> Documents { get; } = Gen.Select(
        Pod().Array[1, 7], Policy().Array[0, 4], ClusterPolicy().Array[0, 3], Pick(s_values).Array[3],
        (pods, policies, cluster, teams) => (string[])
        [
            .. teams.Select((team, index) => $$$"""{"kind":"Namespace","metadata":{"name":"{{{"xyz"[index]}}}","labels":{"team":"{{{team}}}"} } }"""),
            """{"kind":"Node","metadata":{"name":"worker-0","labels":{"zone":"a"}},"status":{"addresses":[{"address":"192.168.126.11"},{"address":"fd00:126::11"}]}}""",
            """{"kind":"Node","metadata":{"name":"worker-1","labels":{"zone":"b"}},"status":{"addresses":[{"address":"192.168.126.12"},{"address":"fd00:126::12"}]}}""",
            .. pods.Select((pod, index) => pod(index)),
            .. policies.Select((policy, index) => policy(index)),
            .. cluster.Select((policy, index) => policy(index)),
        ]);

    public static IReadOnlyList<JsonNode> Parse(string[] documents) => [.. documents.Select(text => JsonNode.Parse(text)!)];

    public static Gen<T> Pick<T>(params T[] items) => Gen.Int[0, items.Length - 1].Select(index => items[index]);

    private static Gen<Func<int, string>> Pod() => Gen.Select(Pick("x", "y", "z"), Labels(), Declared().Array[0, 2], Gen.Int[0, 1], Gen.Int[0, 15], Gen.Int[0, 20])
        .Select(item =>
        {
            var (ns, labels, ports, node, families, fate) = item;
            return (Func<int, string>)(index =>
            {
                var host = fate == 19;
                var (ipv4, ipv6) = host ? ($"192.168.126.{11 + node}", $"fd00:126::{11 + node}") : ($"10.128.{2 + (2 * node)}.{10 + index}", $"fd01:0:0:{node + 2}::{10 + index}");
                string[] addresses = families switch { < 6 => [ipv4], < 12 => [ipv4, ipv6], < 13 => [ipv6, ipv4], < 15 => [ipv6], _ => [] };
                var declared = string.Join(',', ports);
                return $$$"""{"kind":"Pod","metadata":{"namespace":"{{{ns}}}","name":"p{{{index}}}","labels":{{{labels}}}},"spec":{"nodeName":"worker-{{{node}}}","""
                    + (host ? "\"hostNetwork\":true," : "")
                    + $$$"""
                       "containers":[{"ports":[{{{declared}}}]}]},"status":{"phase":"{{{(fate == 18 ? "Failed" : "Running")}}}","podIPs":[{{{string.Join(',', addresses.Select(a => $$"""{"ip":"{{a}}"}"""))}}}]}}
                       """;
            });
        });

    private static Gen<string> Labels() => Gen.Select(Gen.Int[0, 4], Pick(s_values), Pick(s_values)).Select(item => item.Item1 switch
    {
        0 => "{}",
        1 => $$"""{"app":"{{item.Item2}}","tier":"{{item.Item3}}"}""",
        _ => $$"""{"app":"{{item.Item2}}"}""",
    });

    private static Gen<string> Declared() => Gen.Select(Pick("serve", "talk"), Pick(Protocols), Pick(Ports))
        .Select(item => $$"""{"name":"{{item.Item1}}","protocol":"{{item.Item2}}","containerPort":{{item.Item3}}}""");

    private static Gen<Func<int, string>> Policy() => Gen.Select(
        Pick("x", "y", "z"), Selector("app"), Pick("", "\"Ingress\"", "\"Egress\"", "\"Ingress\",\"Egress\""), Rule("from").Array[0, 2], Rule("to").Array[0, 2])
        .Select(item => (Func<int, string>)(index =>
            $$$"""{"kind":"NetworkPolicy","metadata":{"namespace":"{{{item.Item1}}}","name":"n{{{index}}}"},"spec":{"podSelector":{{{item.Item2}}},"""
            + (item.Item3.Length > 0 ? $"\"policyTypes\":[{item.Item3}]," : "")
            + $$"""
               "ingress":[{{string.Join(',', item.Item4)}}],"egress":[{{string.Join(',', item.Item5)}}] } }
               """));

    private static Gen<string> Rule(string list) => Gen.Select(Peer().Array[0, 2], Port().Array[0, 2]).Select(item =>
        $$"""{"{{list}}":[{{string.Join(',', item.Item1)}}],"ports":[{{string.Join(',', item.Item2)}}]}""");

    private static Gen<string> Peer() => Gen.Select(Gen.Int[0, 3], Selector("app"), Selector("team"), Cidr(), Cidr()).Select(item => item.Item1 switch
    {
        0 => $$"""{"podSelector":{{item.Item2}}}""",
        1 => $$"""{"namespaceSelector":{{item.Item3}}}""",
        2 => $$"""{"namespaceSelector":{{item.Item3}},"podSelector":{{item.Item2}}}""",
        _ => $$$"""{"ipBlock":{"cidr":"{{{item.Item4}}}","except":["{{{item.Item5}}}"]}}""",
    });

    // Networks around the addresses of Pods, nodes and the outside, in both families.
    private static Gen<string> Cidr() => Gen.Select(Gen.Int[0, 2], Well(), Near(), One()).Select(item => item.Item1 switch { 0 => item.Item2, 1 => item.Item3, _ => item.Item4 });

    private static Gen<string> Well() => Pick(
        "0.0.0.0/0", "::/0", "10.128.0.0/14", "192.168.126.0/24", "fd00::/8", "fd00:126::/64", "10.128.2.0/23", "fd01:0:0:3::/64", "192.168.126.200/32");

    private static Gen<string> Near() => Gen.Select(Gen.Int[0, 1], Gen.Int[5, 8]).Select((node, block) => $"10.128.{2 + (2 * node)}.{2 * block}/31");

    private static Gen<string> One() => Gen.Select(Gen.Int[0, 1], Gen.Int[10, 16]).Select((node, pod) => $"fd01:0:0:{2 + node}::{pod}/128");

    private static Gen<string> Port() => Gen.Select(Gen.Int[0, 5], Pick(Protocols), Pick(Ports), Pick("serve", "talk", "nobody")).Select(item => item.Item1 switch
    {
        0 => $$"""{"protocol":"{{item.Item2}}"}""",
        1 => $$"""{"port":{{item.Item3}}}""",
        2 => $$"""{"protocol":"{{item.Item2}}","port":"{{item.Item4}}"}""",
        3 => $$"""{"protocol":"{{item.Item2}}","port":{{item.Item3}},"endPort":{{item.Item3 + 2}}}""",
        _ => $$"""{"protocol":"{{item.Item2}}","port":{{item.Item3}}}""",
    });

    private static Gen<Func<int, string>> ClusterPolicy() => Gen.Select(
        Pick("Admin", "Baseline"), Gen.Int[0, 2], Among(), ClusterRule("from").Array[0, 3], ClusterRule("to").Array[0, 3])
        .Select(item => (Func<int, string>)(index =>
            $$$"""{"kind":"ClusterNetworkPolicy","metadata":{"name":"c{{{index}}}"},"spec":{"tier":"{{{item.Item1}}}","priority":{{{item.Item2}}},"subject":{{{item.Item3}}},"""
            + $$"""
               "ingress":[{{string.Join(',', item.Item4)}}],"egress":[{{string.Join(',', item.Item5)}}] } }
               """));

    private static Gen<string> ClusterRule(string list) => Gen.Select(
        Pick("Accept", "Deny", "Pass"), ClusterPeer(list).Array[1, 2], ClusterPort().Array[0, 2]).Select(item =>
        $$"""{"action":"{{item.Item1}}","{{list}}":[{{string.Join(',', item.Item2)}}]{{(item.Item3.Length > 0 ? $",\"protocols\":[{string.Join(',', item.Item3)}]" : "")}}}""");

    private static Gen<string> ClusterPeer(string list) => Gen.Select(Gen.Int[0, list == "to" ? 13 : 8], Among(), Pick("{}", "{\"matchLabels\":{\"zone\":\"b\"}}"), Cidr(), Cidr())
        .Select(item => item.Item1 switch
        {
            0 => "{}", // a kind of peer that is not known yet
            < 9 => item.Item2,
            < 11 => $$"""{"nodes":{{item.Item3}}}""",
            _ => $$"""{"networks":["{{item.Item4}}","{{item.Item5}}"]}""",
        });

    private static Gen<string> ClusterPort() => Gen.Select(Gen.Int[0, 3], Pick("tcp", "udp", "sctp"), Pick(Ports), Pick("serve", "talk")).Select(item => item.Item1 switch
    {
        0 => $$"""{"destinationNamedPort":"{{item.Item4}}"}""",
        1 => $$$$"""{"{{{{item.Item2}}}}":{"destinationPort":{"range":{"start":{{{{item.Item3}}}},"end":{{{{item.Item3 + 2}}}} } } } }""",
        _ => $$$"""{"{{{item.Item2}}}":{"destinationPort":{"number":{{{item.Item3}}} } } }""",
    });

    private static Gen<string> Among() => Gen.Select(Gen.Bool, Selector("team"), Selector("app")).Select(item => item.Item1
        ? $$"""{"namespaces":{{item.Item2}}}"""
        : $$$"""{"pods":{"namespaceSelector":{{{item.Item2}}},"podSelector":{{{item.Item3}}}}}""");

    private static Gen<string> Selector(string key) => Gen.Select(Gen.Int[0, 7], Pick(s_values), Pick(s_values)).Select(item => item.Item1 switch
    {
        0 or 1 => "{}",
        2 => $$$"""{"matchExpressions":[{"key":"{{{key}}}","operator":"NotIn","values":["{{{item.Item2}}}","{{{item.Item3}}}"]}]}""",
        3 => $$$"""{"matchExpressions":[{"key":"{{{key}}}","operator":"In","values":["{{{item.Item2}}}","{{{item.Item3}}}"]}]}""",
        4 => $$$"""{"matchExpressions":[{"key":"{{{key}}}","operator":"Exists"}]}""",
        5 => """{"matchExpressions":[{"key":"tier","operator":"DoesNotExist"}]}""",
        6 => $$$"""{"matchLabels":{"{{{key}}}":"{{{item.Item2}}}"},"matchExpressions":[{"key":"tier","operator":"NotIn","values":["{{{item.Item3}}}"]}]}""",
        _ => $$$"""{"matchLabels":{"{{{key}}}":"{{{item.Item2}}}"}}""",
    });
}
