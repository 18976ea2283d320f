namespace Trunkline.Cli.Enable;

/// <summary>The forms of a plan.</summary>
internal enum ModuleFormat
{
    /// <summary>For people.</summary>
    Text,

    /// <summary>One document.</summary>
    Json,

    /// <summary>The manifests, for GitOps; with a dry run only.</summary>
    Yaml,
}
