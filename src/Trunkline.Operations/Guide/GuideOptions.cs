namespace Trunkline.Operations.Guide;

/// <summary>How the guide is walked.</summary>
/// <param name="CaptureDirectory">Where captures are written.</param>
/// <param name="KeepCaptures">Whether they stay.</param>
public sealed record GuideOptions(string CaptureDirectory, bool KeepCaptures);
