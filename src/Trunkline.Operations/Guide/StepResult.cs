namespace Trunkline.Operations.Guide;

/// <summary>What came of one step.</summary>
/// <param name="Id">The step's number.</param>
/// <param name="Title">Its title.</param>
/// <param name="Passed">Whether it was proven.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Evidence">What was done and seen, one sentence a line; the last says why it failed, if it did.</param>
public sealed record StepResult(int Id, string Title, bool Passed, double Seconds, IReadOnlyList<string> Evidence);
