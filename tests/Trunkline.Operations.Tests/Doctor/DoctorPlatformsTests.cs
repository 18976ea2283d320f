using System.Text.Json.Nodes;
using Trunkline.Operations.Cluster;
using Trunkline.Operations.Doctor;
using Trunkline.Operations.Doctor.Facts;
using Trunkline.Operations.Manifests;
using Trunkline.Operations.Objects;
using Trunkline.Operations.Tests.Support;
using Xunit;

namespace Trunkline.Operations.Tests.Doctor;

/// <summary>The same healthy SCTP server, client, Service and policy on a cluster of each platform and network plugin: nothing is found but what the network itself cannot do.</summary>
public sealed class DoctorPlatformsTests
{
    private const string Application = """
        apiVersion: v1
        kind: Namespace
        metadata: {name: core, labels: {kubernetes.io/metadata.name: core}}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: amf, namespace: core, labels: {app: amf}}
        spec: {nodeName: NODE, containers: [{name: c, image: amf, ports: [{name: n2, containerPort: 38412, protocol: SCTP}]}]}
        status: {phase: Running, podIPs: [{ip: 10.244.77.5}], conditions: [{type: Ready, status: 'True'}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: gnb, namespace: core, labels: {app: gnb}}
        spec: {nodeName: NODE, containers: [{name: c, image: gnb}]}
        status: {phase: Running, podIPs: [{ip: 10.244.77.6}], conditions: [{type: Ready, status: 'True'}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: amf, namespace: core}
        spec: {selector: {app: amf}, clusterIP: 172.30.77.7, ports: [{port: 38412, targetPort: 38412, protocol: SCTP}]}
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: gnb-to-amf, namespace: core}
        spec: {podSelector: {matchLabels: {app: amf}}, policyTypes: [Ingress], ingress: [{from: [{podSelector: {matchLabels: {app: gnb}}}], ports: [{protocol: SCTP, port: 38412}]}]}
        """;

    private static readonly Dictionary<string, string> s_limits = new()
    {
        ["kubeadm-cilium-off"] = "DOC085",
        ["kubeadm-calico-ebpf"] = "DOC086",
        ["kubeadm-calico-ebpf-by-variable"] = "DOC086",
        ["kubeadm-kube-router"] = "DOC087",
        ["kubeadm-flannel-ipvs"] = "DOC087",
        ["kubeadm-loxilb"] = "DOC087", // flannel below it
        ["talos"] = "DOC087", // flannel
        ["k3s"] = "DOC087", // flannel
        ["k0s"] = "DOC087", // kube-router
        ["kind"] = "DOC087", // kindnet
        ["gke"] = "DOC085", // Container-Optimized OS
    };

    public static TheoryData<string> Platforms => [.. CaseFolders.Names("Platforms")];

    [Theory]
    [MemberData(nameof(Platforms))]
    public async Task A_healthy_application_has_only_the_limits_of_its_network(string name)
    {
        var platform = await CaseFolders.ObjectsAsync("Platforms", name, TestContext.Current.CancellationToken);
        var nodes = platform.Of(ResourceKinds.Node);
        var worker = nodes.FirstOrDefault(node => node.Label("node-role.kubernetes.io/control-plane") is null)?.Name ?? (nodes.Count > 0 ? nodes[0].Name : "somewhere");
        var application = Manifest.ParseAll(Application.Replace("NODE", worker, StringComparison.Ordinal)).OfType<JsonObject>()
            .Select(document => new ClusterObject(ResourceKinds.Of(document["apiVersion"]!.GetValue<string>(), document["kind"]!.GetValue<string>())!,
                document["metadata"]!["namespace"]?.GetValue<string>(), document["metadata"]!["name"]!.GetValue<string>(), document));
        var objects = new ClusterObjects(ResourceKinds.All.SelectMany(platform.Of).Concat(application), [], name);
        var facts = new ProbeFacts { Nodes = [.. nodes.Select(node => new NodeFacts(node.Name, "test") { KernelSctp = true, ConntrackSctp = true, Conntrack = [] })] };

        var findings = DoctorExamination.Examine(objects, facts);
        Assert.Equal(Expected(name), findings.Select(finding => $"{finding.Rule}").Distinct());
    }

    private static IEnumerable<string> Expected(string name) => s_limits.TryGetValue(name, out var limit) ? [limit] : [];
}
