using Trunkline.Sctp.Association;

namespace Trunkline.Sctp.Endpoint;

/// <summary>
/// SCTP of one network namespace as a pure machine: no socket, no clock, no thread. Every input takes <c>now</c>, microseconds of any
/// monotonic clock. One owner at a time: nothing here is thread-safe, the caller holds the endpoint's turn.
/// After a burst of inputs call <see cref="Flush"/>, send <see cref="Output"/> and clear it, read the events, and sleep until <see cref="NextDeadline"/>.
/// </summary>
public sealed partial class SctpEndpoint
{
    private readonly CookieSealer _cookies;
    private readonly Queue<EndpointEvent> _events = new();

    public SctpEndpoint(EndpointOptions options, ISctpRandom random)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(random);
        Options = options;
        Random = random;
        Blocks = new BlockPool(options.MaxBufferMemory);
        _cookies = new CookieSealer(random);
        _host = new Host(this);
    }

    public EndpointOptions Options { get; }

    public EndpointCounters Counters { get; } = new();

    /// <summary>Packets to send now. Send and Clear it after each burst.</summary>
    public DatagramBatch Output { get; private set; } = new();

    /// <summary>When <see cref="HandleTimeout"/> wants to be called, as of the last Flush; <see cref="long.MaxValue"/> for never.</summary>
    public long NextDeadline => _deadlines.Next;

    /// <summary>Bytes of slabs that hold messages of all associations.</summary>
    public long BufferMemoryInUse => Blocks.InUse;

    /// <summary>Associations held, ended ones that were not released included.</summary>
    public int AssociationCount => _associations.Count;

    internal ISctpRandom Random { get; }

    internal BlockPool Blocks { get; }

    /// <summary>Takes the packets out and puts an empty batch in, so that they can be sent after the turn is given back.</summary>
    public DatagramBatch SwapOutput(DatagramBatch empty)
    {
        ArgumentNullException.ThrowIfNull(empty);
        var full = Output;
        Output = empty;
        return full;
    }

    /// <summary>Listens on a port (0: an ephemeral one) of one address, of one family (0.0.0.0, ::) or of both (default).</summary>
    public ListenStatus Listen(SctpAddress localAddress, ushort port, ListenOptions options, out ListenerId listener, out ushort boundPort)
    {
        ArgumentNullException.ThrowIfNull(options);
        _ = options.Association.Validated();
        listener = default;
        boundPort = port;
        if (port == 0 && !TryFindPort(candidate => !_listeners.Overlaps(localAddress, candidate) && !_portUse.ContainsKey(candidate), out boundPort))
        {
            return ListenStatus.NoPort;
        }

        var added = new Listener(new ListenerId(++_lastId), localAddress, boundPort, options);
        if (!_listeners.TryAdd(added))
        {
            return ListenStatus.InUse;
        }

        listener = added.Id;
        return ListenStatus.Listening;
    }

    /// <summary>Stops listening. Associations it accepted stay.</summary>
    public bool Unlisten(ListenerId listener) => _listeners.Remove(listener);

    /// <summary>The program has taken an accepted association: it leaves the backlog.</summary>
    public void MarkAccepted(AssociationId association)
    {
        if (_associations.TryGetValue(association, out var machine))
        {
            LeaveBacklog(machine);
        }
    }

    /// <summary>Starts an association from one of this namespace's addresses (local port 0: an ephemeral one).</summary>
    public ConnectStatus Connect(
        SctpAddress localAddress, ushort localPort, SctpAddress peerAddress, ushort peerPort, AssociationOptions options, long now, out AssociationId association)
    {
        ArgumentNullException.ThrowIfNull(options);
        association = default;
        if (!localAddress.IsUnicast || !peerAddress.IsUnicast || localAddress.IsIPv4 != peerAddress.IsIPv4 || peerPort == 0)
        {
            return ConnectStatus.InvalidAddress;
        }

        bool IsFree(ushort port) =>
            !_byKey.ContainsKey(new AssociationKey(localAddress, port, peerAddress, peerPort)) && !_listeners.Overlaps(localAddress, port);
        if (localPort == 0 && !TryFindPort(IsFree, out localPort))
        {
            return ConnectStatus.NoPort;
        }

        var key = new AssociationKey(localAddress, localPort, peerAddress, peerPort);
        if (_byKey.ContainsKey(key))
        {
            return ConnectStatus.AlreadyConnected;
        }

        if (_associations.Count >= Options.MaxAssociations)
        {
            Counters.RefusedForLimit++;
            return ConnectStatus.TooManyAssociations;
        }

        var machine = new AssociationMachine(_host, NewAssociationId(), key, options.Validated(), default, NewTag(), RandomNumber());
        Add(machine);
        machine.Connect(now);
        association = machine.Id;
        return ConnectStatus.Started;
    }

    /// <summary>Takes one message, or one part of one. The bytes are copied.</summary>
    public SendStatus Send(AssociationId association, ushort stream, uint payloadProtocolId, SendModes modes, ReadOnlySpan<byte> payload, long now)
    {
        _ = now;
        if (!_associations.TryGetValue(association, out var machine))
        {
            return SendStatus.Unknown;
        }

        Touch(machine);
        return machine.Send(stream, payloadProtocolId, modes, payload);
    }

    /// <summary>Copies the next message, or as much of it as fits; the rest comes with the next Read. Reading opens the receive window.</summary>
    public ReadStatus Read(AssociationId association, Span<byte> destination, out ReceivedPart part, long now)
    {
        _ = now;
        part = default;
        if (!_associations.TryGetValue(association, out var machine))
        {
            return ReadStatus.Unknown;
        }

        Touch(machine);
        return machine.Read(destination, out part);
    }

    /// <summary>Sends what is queued, then ends in order. False where the association has ended, or a message sent in parts is not finished.</summary>
    public bool Shutdown(AssociationId association, long now)
    {
        _ = now;
        if (!_associations.TryGetValue(association, out var machine))
        {
            return false;
        }

        Touch(machine);
        return machine.Shutdown();
    }

    /// <summary>Ends at once with ABORT and a User-Initiated Abort cause; a Failed event (LocalAbort) follows.</summary>
    public bool Abort(AssociationId association, ReadOnlySpan<byte> reason, long now)
    {
        _ = now;
        return _associations.TryGetValue(association, out var machine) && machine.Abort(reason);
    }

    /// <summary>Forgets an ended association and what is unread of it; one that has not ended is aborted.</summary>
    public void Release(AssociationId association, long now)
    {
        _ = now;
        if (_associations.Remove(association, out var machine))
        {
            machine.Abort(default);
            machine.Free();
        }
    }

    /// <summary>False where there is no such association.</summary>
    public bool TryGetInfo(AssociationId association, out AssociationInfo info)
    {
        var known = _associations.TryGetValue(association, out var machine);
        info = known ? machine!.Describe() : default;
        return known;
    }

    /// <summary>The next event, oldest first.</summary>
    public bool TryReadEvent(out EndpointEvent occurred) => _events.TryDequeue(out occurred);

    /// <summary>A new cookie secret of 32 bytes; cookies made with the one before it are still taken.</summary>
    public void RotateCookieSecret(ReadOnlySpan<byte> secret) => _cookies.Rotate(secret);
}
