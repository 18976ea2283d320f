namespace Trunkline.Sctp;

/// <summary>Who runs the protocol.</summary>
public enum SctpBackend
{
    /// <summary>A lab node's SCTP service, by its Unix socket.</summary>
    Service,

    /// <summary>The kernel's own SCTP.</summary>
    Kernel,

    /// <summary>This process, over raw IP or another transport the program named.</summary>
    InProcess,
}
