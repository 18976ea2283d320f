namespace Trunkline.NodeInit.Machine;

/// <summary>What a node's first process says to its machine when it ends.</summary>
internal static class ExitCodes
{
    /// <summary>Stay off.</summary>
    public const int PowerOff = 0;

    /// <summary>Boot again at once. Any other code is a crash: boot again too, after a pause that grows.</summary>
    public const int Reboot = 75;
}
