using k8s.Models;

namespace Trunkline.Node.Agent.Registration;

/// <summary>The Node object as its agent writes it. Pure.</summary>
internal static class NodeObject
{
    public const string SctpAnnotation = "trunkline.dev/sctp-module";
    private const string RolePrefix = "node-role.kubernetes.io/";
    private const string MasterRole = RolePrefix + "master";

    public static Dictionary<string, string> Labels(NodeConfig config, NodeFacts facts)
    {
        var labels = new Dictionary<string, string>(config.Labels, StringComparer.Ordinal)
        {
            ["kubernetes.io/hostname"] = config.NodeName,
            ["kubernetes.io/os"] = "linux",
            ["kubernetes.io/arch"] = facts.Architecture,
            ["beta.kubernetes.io/os"] = "linux",
            ["beta.kubernetes.io/arch"] = facts.Architecture,
            ["node.openshift.io/os_id"] = "trunkline",
            [RolePrefix + config.Role] = "",
        };
        if (IsControlPlane(config))
        {
            labels[MasterRole] = ""; // OpenShift's control plane has both
        }

        return labels;
    }

    public static V1Node New(NodeConfig config, NodeFacts facts) => new()
    {
        ApiVersion = "v1",
        Kind = "Node",
        Metadata = new V1ObjectMeta { Name = config.NodeName, Labels = Labels(config, facts) },
        Spec = new V1NodeSpec { Taints = IsControlPlane(config) ? [new V1Taint { Key = MasterRole, Effect = "NoSchedule" }] : null },
    };

    /// <summary>Everything a node says of itself; <paramref name="notReady"/> is why it takes no Pods, or null.</summary>
    public static V1NodeStatus Status(NodeConfig config, NodeFacts facts, V1Node? known, string? notReady, DateTime now) => new()
    {
        Addresses =
        [
            .. config.Addresses.Select(address => new V1NodeAddress { Type = "InternalIP", Address = address }),
            new V1NodeAddress { Type = "Hostname", Address = config.NodeName },
        ],
        Capacity = facts.Capacity(),
        Allocatable = facts.Capacity(),
        DaemonEndpoints = new V1NodeDaemonEndpoints { KubeletEndpoint = new V1DaemonEndpoint { Port = Streaming.KubeletServer.Port } },
        NodeInfo = facts.Info(),
        Conditions =
        [
            Condition(known, "MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available", now),
            Condition(known, "DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure", now),
            Condition(known, "PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available", now),
            notReady is null
                ? Condition(known, "Ready", "True", "KubeletReady", "kubelet is posting ready status", now)
                : Condition(known, "Ready", "False", "KubeletNotReady", notReady, now),
        ],
    };

    /// <summary>Whether the API server's idea of Ready is ours (the node controller changes it while a node is silent).</summary>
    public static bool SaysReady(V1Node node, bool ready) =>
        node.Status?.Conditions?.FirstOrDefault(condition => condition.Type == "Ready")?.Status == (ready ? "True" : "False");

    private static bool IsControlPlane(NodeConfig config) => config.Role == "control-plane";

    private static V1NodeCondition Condition(V1Node? known, string type, string status, string reason, string message, DateTime now)
    {
        var before = known?.Status?.Conditions?.FirstOrDefault(condition => condition.Type == type);
        return new V1NodeCondition
        {
            Type = type,
            Status = status,
            Reason = reason,
            Message = message,
            LastHeartbeatTime = now,
            LastTransitionTime = before?.Status == status ? before.LastTransitionTime : now,
        };
    }
}
