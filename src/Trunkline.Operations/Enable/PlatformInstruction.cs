namespace Trunkline.Operations.Enable;

/// <summary>What a person has to do where only the platform can.</summary>
/// <param name="Title">For what it is.</param>
/// <param name="Nodes">The nodes it is for.</param>
/// <param name="Steps">The steps: commands and files, in order.</param>
public sealed record PlatformInstruction(string Title, IReadOnlyList<string> Nodes, IReadOnlyList<string> Steps);
