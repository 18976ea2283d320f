using System.Text.Json.Nodes;
using Trunkline.Operations.Cluster;
using Trunkline.Operations.Manifests;
using Trunkline.Operations.Objects;

namespace Trunkline.Operations.Tests.Policies;

/// <summary>A cluster as the guide makes it, in objects.</summary>
internal static class Demo
{
    public const string AllowClient = """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: allow-client, namespace: sctp-demo}
        spec: {podSelector: {matchLabels: {app: sctpserver}}, policyTypes: [Ingress], ingress: [{from: [{podSelector: {matchLabels: {app: sctpclient}}}], ports: [{protocol: SCTP, port: 30102}]}]}
        """;

    private const string Whole = """
        apiVersion: v1
        kind: Namespace
        metadata: {name: sctp-demo}
        ---
        apiVersion: v1
        kind: Namespace
        metadata: {name: default, labels: {team: blue}}
        ---
        apiVersion: v1
        kind: Node
        metadata: {name: worker-0}
        status: {addresses: [{type: InternalIP, address: 192.168.1.10}, {type: Hostname, address: worker-0}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: sctpserver, namespace: sctp-demo, labels: {app: sctpserver}}
        spec: {nodeName: worker-0, containers: [{name: c, ports: [{name: ngap, containerPort: 30102, protocol: SCTP}, {containerPort: 80}]}]}
        status: {phase: Running, podIP: 10.128.0.2, podIPs: [{ip: 10.128.0.2}, {ip: "fd01::2"}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: sctpclient, namespace: sctp-demo, labels: {app: sctpclient}}
        spec: {nodeName: worker-1, containers: [{name: c}]}
        status: {phase: Running, podIP: 10.128.2.2, podIPs: [{ip: 10.128.2.2}, {ip: "fd01::22"}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: stranger, namespace: default}
        spec: {nodeName: worker-1, containers: [{name: c}]}
        status: {phase: Running, podIP: 10.128.2.3}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: done, namespace: default}
        spec: {nodeName: worker-1, containers: [{name: c}]}
        status: {phase: Succeeded, podIP: 10.128.2.4}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: sctpservice, namespace: sctp-demo}
        spec: {clusterIP: 172.30.0.9, clusterIPs: [172.30.0.9], ports: [{name: s, port: 38412, protocol: SCTP, targetPort: ngap}, {name: t, port: 80}]}
        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: sctpservice-1, namespace: sctp-demo, labels: {kubernetes.io/service-name: sctpservice}}
        addressType: IPv4
        ports: [{name: s, port: 30102, protocol: SCTP}]
        endpoints: [{addresses: [10.128.0.2], conditions: {ready: true}}, {addresses: [10.128.0.99], conditions: {ready: false}}]
        """;

    public static ClusterObjects Objects(params string[] more) => new(new[] { Whole }.Concat(more).SelectMany(Read), [], "demo");

    public static IEnumerable<JsonObject> Manifests(string yaml) => Manifest.ParseAll(yaml);

    private static IEnumerable<ClusterObject> Read(string yaml) =>
        from document in Manifest.ParseAll(yaml)
        let kind = ResourceKinds.Of(document["apiVersion"]!.GetValue<string>(), document["kind"]!.GetValue<string>())!
        select new ClusterObject(kind, document["metadata"].Field("namespace").AsText(), document["metadata"].Field("name").AsText()!, document);
}
