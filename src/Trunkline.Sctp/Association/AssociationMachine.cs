using Trunkline.Sctp.Endpoint;

namespace Trunkline.Sctp.Association;

/// <summary>
/// One peer, from INIT to the end. Pure: inputs are chunks, requests and deadlines; outputs are packets in the host's batch and events.
/// The handshake's stateless half (INIT and cookies before there is an association) is the endpoint's.
/// </summary>
internal sealed partial class AssociationMachine
{
    private readonly IAssociationHost _host;
    private readonly SendBuffer _sendBuffer;
    private readonly SendQueue _sendQueue;
    private readonly OutstandingData _outstanding;
    private Timers _timers = new();
    private ReceivedTsns? _received;
#pragma warning disable CA1859 // The seam is the point: I-DATA (RFC 8260) brings another reassembly.
    private IReassembly? _reassembly;
#pragma warning restore CA1859
    private int _errors;

    public AssociationMachine(
        IAssociationHost host, AssociationId id, AssociationKey key, AssociationOptions options, ListenerId listener, uint localTag, uint initialTsn)
    {
        _host = host;
        Id = id;
        Key = key;
        Options = options;
        Listener = listener;
        LocalTag = localTag;
        InitialTsn = initialTsn;
        Path = new Path(key.Local, key.Peer, options);
        _sendBuffer = new SendBuffer(host.Blocks);
        _sendQueue = new SendQueue(_sendBuffer, new RoundRobinScheduler());
        _outstanding = new OutstandingData(_sendBuffer, initialTsn);
    }

    public AssociationId Id { get; }

    public AssociationKey Key { get; }

    public AssociationOptions Options { get; }

    /// <summary>The listener that accepted it; none where we connected.</summary>
    public ListenerId Listener { get; }

    public uint LocalTag { get; }

    public uint InitialTsn { get; }

    public Path Path { get; }

    public PeerParameters Peer { get; private set; }

    public AssociationState State { get; private set; } = AssociationState.Closed;

    public AssociationFailure? Failure { get; private set; }

    public bool HasEnded { get; private set; }

    public long NextDeadline => HasEnded ? Timers.Never : _timers.Next;

    /// <summary>Its place in the endpoint's heap of deadlines, -1 where it is not in it.</summary>
    public int HeapIndex { get; set; } = -1;

    /// <summary>In the endpoint's list of associations that the next send pass visits.</summary>
    public bool IsDirty { get; set; }

    /// <summary>Counted in its listener's backlog.</summary>
    public bool InBacklog { get; set; }

    public AssociationInfo Describe() => new()
    {
        State = State,
        LocalAddress = Key.Local,
        LocalPort = Key.LocalPort,
        PeerAddress = Key.Peer,
        PeerPort = Key.PeerPort,
        LocalTag = LocalTag,
        PeerTag = Peer.Tag,
        InboundStreams = Peer.InboundStreams,
        OutboundStreams = Peer.OutboundStreams,
        SmoothedRoundTrip = Path.SmoothedRoundTrip,
        RetransmissionTimeout = Path.Rto,
        CongestionWindow = Path.Congestion.Window,
        SlowStartThreshold = Path.Congestion.SlowStartThreshold,
        PathMtu = Path.Mtu,
        BytesInFlight = _outstanding.BytesInFlight,
        PeerReceiveWindow = PeerWindow,
        SendBufferUsed = _sendBuffer.Charged,
        SendBufferLimit = Options.SendBuffer,
        ReceiveBufferUsed = _reassembly?.Charged ?? 0,
        RetransmittedChunks = _retransmittedChunks,
        Failure = Failure,
    };

    /// <summary>Frees all it holds. Nothing of it can be used after.</summary>
    public void Free()
    {
        _sendQueue.Clear();
        _outstanding.Clear();
        _reassembly?.Clear();
    }

    private void SetPeer(PeerParameters peer)
    {
        // Half the ring bounds how far ahead a TSN may be; the other half is room for the run of a long message behind the cumulative point.
        var ring = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(Options.ReceiveBuffer / 32, 256, 65536));
        _reassembly?.Clear();
        Peer = peer;
        _peerAdvertised = peer.ReceiveWindow;
        _received = new ReceivedTsns(peer.InitialTsn, ring / 2);
        _reassembly = new Reassembly(_host.Blocks, ring);
        _advertised = ReceiveWindow();
    }

    private ulong RandomNumber()
    {
        Span<byte> bytes = stackalloc byte[8];
        _host.Random.Fill(bytes);
        return BitConverter.ToUInt64(bytes);
    }
}
