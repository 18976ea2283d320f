namespace Trunkline.Operations.Enable;

/// <summary>By what the kernel module is switched on or off here.</summary>
public enum ModuleMethod
{
    /// <summary>MachineConfigs, which the Machine Config Operator rolls out.</summary>
    MachineConfig,

    /// <summary>A ConfigMap that a NodePool of the management cluster names: hosted control planes.</summary>
    NodePool,

    /// <summary>A privileged DaemonSet that does it on each node.</summary>
    DaemonSet,

    /// <summary>Only the platform itself can; a person follows instructions.</summary>
    Instructions,
}
