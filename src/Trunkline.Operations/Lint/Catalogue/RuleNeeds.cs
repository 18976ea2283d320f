namespace Trunkline.Operations.Lint.Catalogue;

/// <summary>What a rule looks at.</summary>
public enum RuleNeeds
{
    /// <summary>One manifest.</summary>
    Manifest,

    /// <summary>Manifests of one run together.</summary>
    Manifests,

    /// <summary>A cluster's objects beside the manifests; some of it is seen from the manifests of the run alone.</summary>
    Cluster,

    /// <summary>Prose and commands of a page or script.</summary>
    Page,
}
