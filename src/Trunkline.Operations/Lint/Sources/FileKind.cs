namespace Trunkline.Operations.Lint.Sources;

/// <summary>How a file is read.</summary>
internal enum FileKind
{
    /// <summary>YAML or JSON.</summary>
    Manifests,

    /// <summary>Markdown.</summary>
    Markdown,

    /// <summary>A shell script.</summary>
    Shell,
}
