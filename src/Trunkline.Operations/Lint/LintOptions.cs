using Trunkline.Operations.Lint.Silencing;
using Trunkline.Operations.Objects;

namespace Trunkline.Operations.Lint;

/// <summary>What a run takes into account beside its files.</summary>
public sealed record LintOptions
{
    /// <summary>What the project has decided about the rules.</summary>
    public LintConfig Config { get; init; } = LintConfig.None;

    /// <summary>The objects of a cluster or archive; null without any.</summary>
    public ClusterObjects? Cluster { get; init; }

    /// <summary>The namespace in which objects without one are made; null when that is not known.</summary>
    public string? Namespace { get; init; }
}
