namespace Trunkline.Controllers.Tests.Support;

internal sealed record FakeKind(string Group, string Plural, string Kind, bool Namespaced)
{
    public string Collection => $"{Group}/{Plural}";

    public string ApiVersion => Group.Length == 0 ? "v1" : $"{Group}/v1";

    public static IReadOnlyList<FakeKind> All { get; } =
    [
        new("", "nodes", "Node", false), new("", "namespaces", "Namespace", false), new("", "pods", "Pod", true), new("", "services", "Service", true),
        new("", "endpoints", "Endpoints", true), new("", "configmaps", "ConfigMap", true), new("", "serviceaccounts", "ServiceAccount", true),
        new("", "events", "Event", true), new("", "secrets", "Secret", true),
        new("coordination.k8s.io", "leases", "Lease", true), new("discovery.k8s.io", "endpointslices", "EndpointSlice", true),
        new("policy", "poddisruptionbudgets", "PodDisruptionBudget", true), new("apps", "replicasets", "ReplicaSet", true),
        new("apps", "deployments", "Deployment", true), new("apps", "daemonsets", "DaemonSet", true),
        new("machineconfiguration.openshift.io", "machineconfigs", "MachineConfig", false),
        new("machineconfiguration.openshift.io", "machineconfigpools", "MachineConfigPool", false),
    ];
}
