using System.Text.Json.Nodes;

namespace Trunkline.Operations.Guide;

/// <summary>What came of the whole walk.</summary>
/// <param name="Steps">The steps that were walked, in order.</param>
public sealed record GuideReport(IReadOnlyList<StepResult> Steps)
{
    /// <summary>Whether every step was proven.</summary>
    public bool Passed => Steps.Count == GuideSteps.All.Count && Steps.All(s => s.Passed);

    /// <summary>The report as <c>--output json</c> prints it. The shape is an interface: fields are added, never changed.</summary>
    public JsonObject ToJson() => new()
    {
        ["steps"] = new JsonArray([.. Steps.Select(step => new JsonObject
        {
            ["id"] = step.Id,
            ["title"] = step.Title,
            ["outcome"] = step.Passed ? "passed" : "failed",
            ["seconds"] = Math.Round(step.Seconds, 3),
            ["evidence"] = new JsonArray([.. step.Evidence.Select(e => JsonValue.Create(e))]),
        })]),
        ["passed"] = Steps.Count(s => s.Passed),
        ["failed"] = Steps.Count(s => !s.Passed),
    };
}
