#pragma warning disable CA1822 // the bodies land next
namespace Trunkline.Sctp.Endpoint;

/// <summary>
/// SCTP of one network namespace as a pure machine: no socket, no clock, no thread. Every input takes <c>now</c>, microseconds of any
/// monotonic clock. One owner at a time: nothing here is thread-safe, the caller holds the endpoint's turn.
/// After a burst of inputs call <see cref="Flush"/>, send <see cref="Output"/> and clear it, read the events, and sleep until <see cref="NextDeadline"/>.
/// </summary>
public sealed class SctpEndpoint
{
    private DatagramBatch _output = new();

    public SctpEndpoint(EndpointOptions options, ISctpRandom random)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(random);
        Options = options;
        Random = random;
    }

    public EndpointOptions Options { get; }

    public EndpointCounters Counters { get; } = new();

    /// <summary>Packets to send now. Send and Clear it after each burst.</summary>
    public DatagramBatch Output => _output;

    /// <summary>When <see cref="HandleTimeout"/> wants to be called; <see cref="long.MaxValue"/> for never.</summary>
    public long NextDeadline { get; private set; } = long.MaxValue;

    internal ISctpRandom Random { get; }

    /// <summary>Takes the packets out and puts an empty batch in, so that they can be sent after the turn is given back.</summary>
    public DatagramBatch SwapOutput(DatagramBatch empty)
    {
        var full = _output;
        _output = empty;
        return full;
    }

    /// <summary>A packet from the network. Never throws, whatever the bytes.</summary>
    public void Receive(in SctpDatagram datagram, long now) => Counters.PacketsReceived++;

    /// <summary>An ICMP error from the network. Ignored unless it quotes a packet of ours with the right tag.</summary>
    public void ReceiveIcmp(in IcmpError error, long now) => Counters.IcmpIgnored++;

    /// <summary>The local stack refused a packet as too big (EMSGSIZE), or knows the MTU of the way to a peer. An IP packet's size.</summary>
    public void ReportPathMtu(SctpAddress destination, int mtu, long now) => Flush(now);

    /// <summary>Listens on a port (0: an ephemeral one) of one address, of one family (0.0.0.0, ::) or of both (default).</summary>
    public ListenStatus Listen(SctpAddress localAddress, ushort port, ListenOptions options, out ListenerId listener, out ushort boundPort)
    {
        listener = default;
        boundPort = port;
        return ListenStatus.NoPort;
    }

    /// <summary>Stops listening. Associations it accepted stay.</summary>
    public bool Unlisten(ListenerId listener) => false;

    /// <summary>The program has taken an accepted association: it leaves the backlog.</summary>
    public void MarkAccepted(AssociationId association)
    {
        _ = association;
    }

    /// <summary>Starts an association from one of this namespace's addresses (local port 0: an ephemeral one).</summary>
    public ConnectStatus Connect(
        SctpAddress localAddress, ushort localPort, SctpAddress peerAddress, ushort peerPort, AssociationOptions options, long now, out AssociationId association)
    {
        association = default;
        return ConnectStatus.NoPort;
    }

    /// <summary>Takes one message, or one part of one. The bytes are copied.</summary>
    public SendStatus Send(AssociationId association, ushort stream, uint payloadProtocolId, SendModes modes, ReadOnlySpan<byte> payload, long now) => SendStatus.Unknown;

    /// <summary>Copies the next message, or as much of it as fits; the rest comes with the next Read. Reading opens the receive window.</summary>
    public ReadStatus Read(AssociationId association, Span<byte> destination, out ReceivedPart part, long now)
    {
        part = default;
        return ReadStatus.Unknown;
    }

    /// <summary>Sends what is queued, then ends in order. False where the association has ended, or a message sent in parts is not finished.</summary>
    public bool Shutdown(AssociationId association, long now) => false;

    /// <summary>Ends at once with ABORT and a User-Initiated Abort cause; a Failed event (LocalAbort) follows.</summary>
    public bool Abort(AssociationId association, ReadOnlySpan<byte> reason, long now) => false;

    /// <summary>Forgets an ended association and what is unread of it; one that has not ended is aborted.</summary>
    public void Release(AssociationId association, long now) => Flush(now);

    /// <summary>False where there is no such association.</summary>
    public bool TryGetInfo(AssociationId association, out AssociationInfo info)
    {
        info = default;
        return false;
    }

    /// <summary>The next event, oldest first.</summary>
    public bool TryReadEvent(out EndpointEvent occurred)
    {
        occurred = default;
        return false;
    }

    /// <summary>One send pass: what the burst made due goes to <see cref="Output"/>.</summary>
    public void Flush(long now)
    {
        _ = now;
    }

    /// <summary>Runs what is due at <paramref name="now"/>, and a send pass.</summary>
    public void HandleTimeout(long now) => Flush(now);

    /// <summary>A new cookie secret of 32 bytes; cookies made with the one before it are still taken.</summary>
    public void RotateCookieSecret(ReadOnlySpan<byte> secret)
    {
        _ = secret.Length;
    }
}
