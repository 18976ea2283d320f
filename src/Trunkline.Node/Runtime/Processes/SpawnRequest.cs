namespace Trunkline.Node.Runtime.Processes;

/// <summary>A program to start. Descriptors of -1 are /dev/null.</summary>
internal sealed record SpawnRequest(IReadOnlyList<string> Arguments)
{
    /// <summary>The number under which the child finds <see cref="Extra"/>.</summary>
    public const int ExtraDescriptor = 3;

    public static readonly IReadOnlyDictionary<string, string> PlainEnvironment = new Dictionary<string, string>
    {
        ["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        ["HOME"] = "/",
    };

    public IReadOnlyDictionary<string, string> Environment { get; init; } = PlainEnvironment;

    public int Stdin { get; init; } = -1;

    public int Stdout { get; init; } = -1;

    public int Stderr { get; init; } = -1;

    public int Extra { get; init; } = -1;

    /// <summary>A terminal's path: becomes all three standard descriptors, and the child's controlling terminal.</summary>
    public string? Terminal { get; init; }
}
