namespace Trunkline.Node.MachineConfig.Ignition;

/// <summary>One file a configuration wants, decoded.</summary>
internal sealed record IgnitionFile(string Path, byte[] Content, int Mode, string? User, string? Group);
