namespace Trunkline.SctpService;

/// <summary>One file of the registry directory (docs/architecture.md): a network namespace to answer for.</summary>
internal sealed record NamespaceEntry(string Id, string Netns, string Directory)
{
    /// <summary>Where programs of this namespace find us.</summary>
    internal string SocketPath => Path.Combine(Directory, "sctp.sock");
}
