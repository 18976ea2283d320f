namespace Trunkline.Node.Runtime;

/// <summary>How a container ended, as its monitor wrote it down.</summary>
internal sealed record ContainerExit(int Code, DateTime FinishedAt, bool OutOfMemory);
