using Trunkline.Operations.Findings;
using Trunkline.Operations.Objects;

namespace Trunkline.Operations.Doctor;

/// <summary>What one check says: a finding to be, with what it is about, what it explains and what would explain it.</summary>
/// <param name="Rule">The check.</param>
/// <param name="Subject">The object at fault, such as <c>Service sctp-demo/server</c>.</param>
/// <param name="Message">One sentence that names it.</param>
internal sealed record Diagnosis(RuleInfo Rule, string Subject, string Message)
{
    public Diagnosis(RuleInfo rule, ClusterObject subject, string message)
        : this(rule, subject.Title, message)
    {
    }

    /// <summary>The rule's own where nothing else is said.</summary>
    public Severity? Severity { get; init; }

    public IReadOnlyList<string> Evidence { get; init; } = [];

    public string? Fix { get; init; }

    /// <summary>Objects beside the subject that it is about.</summary>
    public IReadOnlyList<string> Concerns { get; init; } = [];

    /// <summary>Diagnoses of one check with the same cause are one finding; null for one that stands alone.</summary>
    public string? Cause { get; init; }

    /// <summary>Troubles for which this is the reason.</summary>
    public IReadOnlyList<string> Explains { get; init; } = [];

    /// <summary>Troubles of which this is only the consequence: where others explain them all, it becomes their evidence.</summary>
    public IReadOnlyList<string> SymptomOf { get; init; } = [];

    /// <summary>The objects at fault, where several with one cause became one.</summary>
    public IReadOnlyList<string> Subjects { get; init; } = [Subject];

    /// <summary>All objects that it is about.</summary>
    public IEnumerable<string> About => Concerns.Prepend(Subject);
}
