namespace Trunkline.Operations.Lint.Sources;

/// <summary>A part of a file that could not be read as what it seems to be.</summary>
/// <param name="Offset">Where in the file.</param>
/// <param name="Message">What is wrong with it.</param>
/// <param name="IsTemplate">Whether it is a template and so no manifest yet; else it is broken.</param>
/// <param name="Fix">What to do.</param>
public sealed record Problem(int Offset, string Message, bool IsTemplate = false, string? Fix = null);
