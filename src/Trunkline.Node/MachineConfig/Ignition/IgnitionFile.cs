namespace Trunkline.Node.MachineConfig.Ignition;

/// <summary>One file a configuration wants, decoded; or, for an enabled or masked unit, one link.</summary>
internal sealed record IgnitionFile(string Path, byte[] Content, int Mode, string? User, string? Group)
{
    /// <summary>Where it leads, if it is a link: then it has no content, mode or owner.</summary>
    public string? LinkTarget { get; init; }

    public static IgnitionFile Link(string path, string target) => new(path, [], 0, null, null) { LinkTarget = target };

    public bool SameAs(IgnitionFile other) => Path == other.Path && Mode == other.Mode && User == other.User && Group == other.Group
        && LinkTarget == other.LinkTarget && Content.AsSpan().SequenceEqual(other.Content);
}
