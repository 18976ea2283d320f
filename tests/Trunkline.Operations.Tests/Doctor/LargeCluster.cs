using System.Text.Json.Nodes;
using Trunkline.Operations.Cluster;
using Trunkline.Operations.Objects;

namespace Trunkline.Operations.Tests.Doctor;

/// <summary>A cluster as large as asked, in which nothing is wrong: SCTP servers and their clients behind Services, under policies; where it is dense, a hundred policies over each Pod.</summary>
internal static class LargeCluster
{
    private const int PodsOfService = 10;

    public static ClusterObjects Make(int pods, int policies, bool dense = false, int nodes = 100)
    {
        var objects = new List<ClusterObject>();
        for (var node = 0; node < nodes; node++)
        {
            Add(ResourceKinds.Node, null, $"node-{node}", $$$$"""{"metadata":{"name":"node-{{{{node}}}}","labels":{"kubernetes.io/hostname":"node-{{{{node}}}}"}},"spec":{},"status":{"addresses":[{"type":"InternalIP","address":"192.168.{{{{node / 250}}}}.{{{{node % 250 + 1}}}}"}],"nodeInfo":{"kernelVersion":"5.14.0","kubeletVersion":"v1.32.0"}}}""");
        }

        var services = pods / PodsOfService;
        var namespaces = dense ? 5 : 50;
        for (var service = 0; service < services; service++)
        {
            var ns = $"ns-{service % namespaces}";
            if (service < namespaces)
            {
                Add(ResourceKinds.Namespace, null, ns, $$$$"""{"metadata":{"name":"{{{{ns}}}}","labels":{"kubernetes.io/metadata.name":"{{{{ns}}}}","team":"t{{{{service % 7}}}}"}}}""");
            }

            Add(ResourceKinds.Service, ns, $"s-{service}", $$$$"""{"metadata":{"name":"s-{{{{service}}}}","namespace":"{{{{ns}}}}"},"spec":{"clusterIP":"172.30.{{{{service / 250}}}}.{{{{service % 250 + 1}}}}","selector":{"app":"a-{{{{service}}}}","role":"server"},"ports":[{"port":38412,"targetPort":38412,"protocol":"SCTP"}]}}""");
            for (var pod = 0; pod < PodsOfService; pod++)
            {
                var number = (service * PodsOfService) + pod;
                var server = pod < PodsOfService / 2;
                var ports = server ? "\"ports\":[{\"name\":\"n2\",\"containerPort\":38412,\"protocol\":\"SCTP\"}]," : "";
                Add(ResourceKinds.Pod, ns, $"p-{number}", $$$$"""{"metadata":{"name":"p-{{{{number}}}}","namespace":"{{{{ns}}}}","labels":{"app":"a-{{{{service}}}}","role":"{{{{(server ? "server" : "client")}}}}"}},"spec":{"nodeName":"node-{{{{number % nodes}}}}","containers":[{"name":"c",{{{{ports}}}}"image":"i"}]},"status":{"phase":"Running","podIP":"10.{{{{128 + (number / 62500)}}}}.{{{{number / 250 % 250}}}}.{{{{number % 250 + 1}}}}","conditions":[{"type":"Ready","status":"True"}]}}""");
            }
        }

        for (var policy = 0; policy < policies; policy++)
        {
            var service = policy % services;
            var ns = $"ns-{service % namespaces}";
            var peers = (policy % 3) switch
            {
                0 => """{"podSelector":{"matchLabels":{"role":"client"}}}""",
                1 => $$$$"""{"namespaceSelector":{"matchLabels":{"team":"t{{{{service % 7}}}}"}},"podSelector":{"matchLabels":{"role":"client"}}}""",
                _ => $$$$"""{"ipBlock":{"cidr":"10.{{{{policy % 60}}}}.0.0/16"}},{"podSelector":{"matchLabels":{"app":"a-{{{{service}}}}"}}}""",
            };
            Add(ResourceKinds.NetworkPolicy, ns, $"np-{policy}", $$$$"""{"metadata":{"name":"np-{{{{policy}}}}","namespace":"{{{{ns}}}}"},"spec":{"podSelector":{"matchLabels":{ {{{{(dense ? "" : $"\"app\":\"a-{service}\",")}}}}"role":"server"}},"policyTypes":["Ingress"],"ingress":[{"from":[{{{{peers}}}}],"ports":[{"protocol":"SCTP","port":38412{{{{(dense ? $",\"endPort\":{38412 + policy}" : "")}}}} }]}]}}""");
        }

        return new ClusterObjects(objects, [], "a large cluster");

        void Add(ResourceKind kind, string? ns, string name, string document) => objects.Add(new ClusterObject(kind, ns, name, (JsonObject)JsonNode.Parse(document)!));
    }
}
