namespace Trunkline.Node.Pods.Volumes;

/// <summary>One file of a projected volume. The path is relative, with no way out (validated by <see cref="AtomicDirectory"/>).</summary>
internal sealed record VolumeFile(string Path, byte[] Content, int Mode);
