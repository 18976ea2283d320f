namespace Trunkline.Operations.Lint.Sources;

/// <summary>What a fence holds, whatever its label says.</summary>
public enum FenceContent
{
    /// <summary>Neither of the others.</summary>
    Other,

    /// <summary>Manifests.</summary>
    Manifests,

    /// <summary>Commands, perhaps with what they print.</summary>
    Shell,
}
