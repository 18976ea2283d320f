namespace Trunkline.Node.Pods.State;

internal enum ContainerPhase
{
    /// <summary>Not made yet, or to be made again.</summary>
    Waiting,

    /// <summary>The runtime was asked to make it; after an agent's end in this phase nobody knows whether it did.</summary>
    Creating,

    Running,

    Exited,
}
