namespace Trunkline.Operations.Findings;

/// <summary>One problem: what is wrong, where, how one knows, and what to do.</summary>
/// <param name="Rule">The stable id of the rule or check that found it, such as <c>SCTP002</c>.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Message">One sentence that names the object at fault and what is wrong with it.</param>
public sealed record Finding(string Rule, Severity Severity, string Message)
{
    /// <summary>The object at fault, such as <c>NetworkPolicy sctp-demo/allow</c>; null where it is none of the cluster's.</summary>
    public string? Subject { get; init; }

    /// <summary>Where it stands in a file; null for what was read from a live cluster.</summary>
    public Place? Place { get; init; }

    /// <summary>What was seen, one fact a line.</summary>
    public IReadOnlyList<string> Evidence { get; init; } = [];

    /// <summary>What to do: a command or a change, in words a person can follow; null when nothing needs doing.</summary>
    public string? Fix { get; init; }

    /// <summary>The order of reports: worst first, then by place or object, so that two runs say the same in the same order.</summary>
    public static IReadOnlyList<Finding> Ordered(IEnumerable<Finding> findings) =>
    [
        .. findings.OrderByDescending(finding => finding.Severity).ThenBy(finding => finding.Place?.File, StringComparer.Ordinal).ThenBy(finding => finding.Place?.Line)
            .ThenBy(finding => finding.Place?.Column).ThenBy(finding => finding.Rule, StringComparer.Ordinal).ThenBy(finding => finding.Subject, StringComparer.Ordinal)
            .ThenBy(finding => finding.Message, StringComparer.Ordinal),
    ];
}
