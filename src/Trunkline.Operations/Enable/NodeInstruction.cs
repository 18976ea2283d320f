namespace Trunkline.Operations.Enable;

/// <summary>Why a DaemonSet cannot load a module on a node.</summary>
internal enum NodeInstruction
{
    /// <summary>Talos: no shell, and modules come from the machine configuration.</summary>
    Talos,

    /// <summary>Bottlerocket: modules come from its settings.</summary>
    Bottlerocket,

    /// <summary>Google's Container-Optimized OS, which has no SCTP.</summary>
    ContainerOptimized,

    /// <summary>kind: the kernel is the machine's that runs the node.</summary>
    Kind,

    /// <summary>Docker Desktop, whose kernel has no SCTP.</summary>
    DockerDesktop,

    /// <summary>Fargate and virtual kubelets: no kernel that is this cluster's.</summary>
    NoKernel,
}
