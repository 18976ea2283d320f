namespace Trunkline.Node.Pods.Status;

/// <summary>What probes say of a running container; without a probe it is as well as it can be.</summary>
internal readonly record struct ContainerHealth(bool Started, bool Ready);
