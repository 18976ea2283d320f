namespace Trunkline.Node.IntegrationTests.Kernel.Statements;

/// <summary>What a statement says about the rest of its rule.</summary>
internal enum Step
{
    /// <summary>The next statement of the rule.</summary>
    Next,

    /// <summary>The rule does not match: the next rule.</summary>
    Break,

    /// <summary>A verdict: <see cref="Walk.Verdict"/>.</summary>
    Verdict,
}
