namespace Trunkline.Node.MachineConfig;

/// <summary>Where the files a machine configuration speaks of stand: / on a node, a directory in a test.</summary>
internal sealed record MachineRoot(string Path)
{
    /// <summary>The place of an absolute path of the configuration.</summary>
    public string Of(string path) => System.IO.Path.Join(Path, path);
}
