using System.Text.Json;

namespace Trunkline.NodeInit.Configuration;

/// <summary>What the lab says about one node: its names, its places on the machine and the programs it runs. Paths are the machine's.</summary>
internal sealed record NodeSettings
{
    /// <summary>The node's name, which is also its host name.</summary>
    public required string Node { get; init; }

    /// <summary>The pinned network namespace the node lives in.</summary>
    public required string NetworkNamespace { get; init; }

    /// <summary>An empty directory on which the node's root is put together, inside the node's own mount namespace.</summary>
    public required string Root { get; init; }

    /// <summary>Lower layers of /etc, the strongest first.</summary>
    public required IReadOnlyList<string> EtcLower { get; init; }

    /// <summary>The layer of /etc that the node writes; it outlives reboots.</summary>
    public required string EtcUpper { get; init; }

    /// <summary>Overlayfs' work directory beside <see cref="EtcUpper"/>.</summary>
    public required string EtcWork { get; init; }

    /// <summary>The node's /var/lib/trunkline.</summary>
    public required string Var { get; init; }

    /// <summary>The node's /var/log.</summary>
    public required string Log { get; init; }

    /// <summary>The base image's root, seen in the node at <see cref="Root.NodeRoot.ImagePath"/>.</summary>
    public required string ImageRootfs { get; init; }

    /// <summary>Paths that must be seen in the node although they lie under a directory that is hidden there (/root, /home, /tmp).</summary>
    public IReadOnlyList<string> Binds { get; init; } = [];

    /// <summary>The directory of the lab's logs.</summary>
    public required string RunDirectory { get; init; }

    /// <summary>The node's control group below each hierarchy's root: <c>/trunkline/LAB/NODE</c>.</summary>
    public required string Cgroup { get; init; }

    /// <summary>The node agent and its arguments.</summary>
    public required IReadOnlyList<string> AgentCommand { get; init; }

    /// <summary>The SCTP service and its arguments.</summary>
    public required IReadOnlyList<string> SctpServiceCommand { get; init; }

    /// <summary>Environment of the node's programs; nothing of the caller's environment gets in.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public static NodeSettings Read(string path) =>
        Parse(File.ReadAllBytes(path)) ?? throw new InvalidDataException($"{path} is empty");

    public static NodeSettings? Parse(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize(json, NodeSettingsContext.Default.NodeSettings);
}
