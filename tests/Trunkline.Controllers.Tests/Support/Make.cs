using System.Text.Json.Nodes;
using k8s.Models;
using Trunkline.Controllers.MachineConfigs.Models;

namespace Trunkline.Controllers.Tests.Support;

/// <summary>Objects for tests, with only what the test says.</summary>
internal static class Make
{
    public static readonly DateTime Noon = new(2026, 11, 23, 12, 0, 0, DateTimeKind.Utc);

    public static V1Node Node(string name, Action<V1Node>? with = null)
    {
        var node = new V1Node
        {
            ApiVersion = "v1",
            Kind = "Node",
            Metadata = new V1ObjectMeta
            {
                Name = name,
                Uid = $"uid-{name}",
                CreationTimestamp = Noon,
                Labels = new Dictionary<string, string> { ["kubernetes.io/hostname"] = name },
                Annotations = new Dictionary<string, string>(),
            },
            Spec = new V1NodeSpec(),
            Status = new V1NodeStatus
            {
                Conditions = [new V1NodeCondition { Type = "Ready", Status = "True", LastHeartbeatTime = Noon }],
                Allocatable = new Dictionary<string, ResourceQuantity> { ["cpu"] = new("2"), ["memory"] = new("4Gi"), ["pods"] = new("110") },
            },
        };
        with?.Invoke(node);
        return node;
    }

    public static V1Node Worker(string name, string? config = null, Action<V1Node>? with = null) => Node(name, n =>
    {
        n.Metadata.Labels["node-role.kubernetes.io/worker"] = "";
        if (config is not null)
        {
            n.Metadata.Annotations[MachineConfigNames.CurrentConfig] = config;
            n.Metadata.Annotations[MachineConfigNames.DesiredConfig] = config;
            n.Metadata.Annotations[MachineConfigNames.State] = MachineConfigNames.StateDone;
        }

        with?.Invoke(n);
    });

    public static V1Pod Pod(string name, string ns = "demo", Action<V1Pod>? with = null)
    {
        var pod = new V1Pod
        {
            ApiVersion = "v1",
            Kind = "Pod",
            Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = ns, Uid = $"uid-{name}", CreationTimestamp = Noon },
            Spec = new V1PodSpec { Containers = [new V1Container { Name = "c", Image = "ubi8/ubi" }] },
        };
        with?.Invoke(pod);
        return pod;
    }

    public static V1Pod Running(string name, string ip, string node = "worker-0", string ns = "demo", Action<V1Pod>? with = null) => Pod(name, ns, p =>
    {
        p.Spec.NodeName = node;
        p.Status = new V1PodStatus
        {
            Phase = "Running",
            PodIP = ip,
            PodIPs = [new V1PodIP { Ip = ip }],
            Conditions = [new V1PodCondition { Type = "Ready", Status = "True", LastTransitionTime = Noon }],
        };
        with?.Invoke(p);
    });

    public static V1Service Service(string name, string ns = "demo", Action<V1Service>? with = null)
    {
        var service = new V1Service
        {
            ApiVersion = "v1",
            Kind = "Service",
            Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = ns, Uid = $"uid-{name}", CreationTimestamp = Noon },
            Spec = new V1ServiceSpec
            {
                ClusterIP = "172.30.0.9",
                Selector = new Dictionary<string, string> { ["app"] = "sctp" },
                Ports = [new V1ServicePort { Name = "sctpserver", Port = 30102, Protocol = "SCTP", TargetPort = "30102" }],
            },
        };
        with?.Invoke(service);
        return service;
    }

    public static V1Namespace Namespace(string name) => new() { ApiVersion = "v1", Kind = "Namespace", Metadata = new V1ObjectMeta { Name = name } };

    public static MachineConfig Config(string name, string? json = null, string role = "worker", Action<MachineConfigSpec>? with = null)
    {
        var config = new MachineConfig
        {
            Metadata = new V1ObjectMeta { Name = name, Labels = new Dictionary<string, string> { [MachineConfigNames.Role] = role } },
            Spec = new MachineConfigSpec { Config = JsonNode.Parse(json ?? """{"ignition":{"version":"3.2.0"}}""") },
        };
        with?.Invoke(config.Spec);
        return config;
    }

    public static MachineConfig LoadSctp() => Config("load-sctp-module", """
        {"ignition":{"version":"3.2.0"},"storage":{"files":[
          {"path":"/etc/modprobe.d/sctp-blacklist.conf","mode":420,"overwrite":true,"contents":{"source":"data:,"}},
          {"path":"/etc/modules-load.d/sctp-load.conf","mode":420,"overwrite":true,"contents":{"source":"data:,sctp"}}]}}
        """);

    public static MachineConfigPool Pool(string name = "worker", string? rendered = "rendered-new", Action<MachineConfigPool>? with = null)
    {
        var pool = new MachineConfigPool
        {
            Metadata = new V1ObjectMeta { Name = name, Uid = $"uid-{name}", Generation = 3 },
            Spec = new MachineConfigPoolSpec
            {
                MachineConfigSelector = new V1LabelSelector { MatchLabels = new Dictionary<string, string> { [MachineConfigNames.Role] = name } },
                NodeSelector = new V1LabelSelector { MatchLabels = new Dictionary<string, string> { [$"node-role.kubernetes.io/{name}"] = "" } },
                Configuration = rendered is null ? null : new PoolConfiguration { Name = rendered },
            },
        };
        with?.Invoke(pool);
        return pool;
    }
}
