namespace Trunkline.Operations.Findings;

/// <summary>How much a finding matters; greater is worse.</summary>
public enum Severity
{
    /// <summary>Worth knowing; nothing is wrong.</summary>
    Info,

    /// <summary>It works now or by chance, or it misleads.</summary>
    Warning,

    /// <summary>It does not do what it says, or SCTP does not work because of it.</summary>
    Error,
}
