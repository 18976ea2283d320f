using Trunkline.Operations.Guide.Steps;

namespace Trunkline.Operations.Guide;

/// <summary>The steps, in the guide's order.</summary>
internal static class GuideSteps
{
    public static IReadOnlyList<IGuideStep> All { get; } =
    [
        new SctpIsOff(),
        new LoadTheModule(),
        new DeployServerAndClient(),
        new ThroughTheClusterIP(),
        new ThroughTheNodePort(),
        new TheDenyPolicy(),
        new TheAllowPolicy(),
        new TheFirstExamples(),
        new TheGuidesOwnCheck(),
    ];
}
