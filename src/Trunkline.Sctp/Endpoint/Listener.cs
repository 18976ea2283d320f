namespace Trunkline.Sctp.Endpoint;

/// <summary>A listening port.</summary>
internal sealed class Listener(ListenerId id, SctpAddress address, ushort port, ListenOptions options)
{
    public ListenerId Id { get; } = id;

    public SctpAddress Address { get; } = address;

    public ushort Port { get; } = port;

    public ListenOptions Options { get; } = options;

    /// <summary>Associations the program has not taken yet.</summary>
    public int Pending { get; set; }

    public bool IsFull => Pending >= Options.Backlog;
}
