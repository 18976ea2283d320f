namespace Trunkline.Operations.Guide.Steps;

/// <summary>A node as it was before its reboot.</summary>
/// <param name="Name">Its name.</param>
/// <param name="BootId">Its status.nodeInfo.bootID.</param>
/// <param name="Processes">Its processes.</param>
internal sealed record NodeBefore(string Name, string BootId, IReadOnlySet<string> Processes);
