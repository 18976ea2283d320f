using Trunkline.Operations.Cluster;
using Trunkline.Operations.Doctor.View;
using Trunkline.Operations.Findings;

namespace Trunkline.Operations.Doctor;

/// <summary>One check, or a small family of them: a pure function over what was read.</summary>
internal interface IDoctorCheck
{
    /// <summary>What it can find.</summary>
    IReadOnlyList<RuleInfo> Rules { get; }

    /// <summary>The kinds without which it cannot say anything.</summary>
    IReadOnlyList<ResourceKind> Needs { get; }

    /// <summary>Looks.</summary>
    IEnumerable<Diagnosis> Look(ClusterView view);
}
