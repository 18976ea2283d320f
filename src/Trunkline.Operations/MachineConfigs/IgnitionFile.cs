namespace Trunkline.Operations.MachineConfigs;

/// <summary>A file that a MachineConfig puts on its nodes.</summary>
/// <param name="Path">Where.</param>
/// <param name="Content">Its content; null where the data URL cannot be read.</param>
/// <param name="MachineConfig">The MachineConfig that says so.</param>
public sealed record IgnitionFile(string Path, string? Content, string MachineConfig);
