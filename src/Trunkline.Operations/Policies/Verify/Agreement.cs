namespace Trunkline.Operations.Policies.Verify;

/// <summary>How what was seen stands to what policies say.</summary>
public enum Agreement
{
    /// <summary>The network does what policies say.</summary>
    Agrees,

    /// <summary>It lets through what policies deny, or keeps out what they allow.</summary>
    Differs,

    /// <summary>What was seen fits both: a refusal where nothing listens may come from the Pod or from a plugin that rejects.</summary>
    Unclear,

    /// <summary>Nothing was seen: no probe could be made, or the prober's node has no SCTP.</summary>
    Unknown,
}
