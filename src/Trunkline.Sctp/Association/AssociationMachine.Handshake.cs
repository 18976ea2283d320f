using System.Buffers.Binary;
using Trunkline.Sctp.Endpoint;
using Trunkline.Sctp.Wire;

namespace Trunkline.Sctp.Association;

internal sealed partial class AssociationMachine
{
    // A peer that calls every cookie stale must not keep us trying for ever.
    private const int MaxStaleCookies = 3;
    private byte[] _cookie = [];
    private byte[] _unrecognized = [];
    private int _handshakeSends;
    private long _cookieSentAt;
    private int _staleCookies;
    private bool _shutdownWanted;

    public void Connect(long now)
    {
        State = AssociationState.CookieWait;
        SendInit(now);
    }

    /// <summary>A cookie of ours came back: the association begins established (section 5.1 D).</summary>
    public void Accept(PeerParameters peer, long now)
    {
        SetPeer(peer);
        Establish(now);
        SendCookieAck();
    }

    /// <summary>Both sides sent INIT (section 5.2.4 B).</summary>
    public void Collide(PeerParameters peer, long now)
    {
        if (State is AssociationState.CookieWait or AssociationState.CookieEchoed)
        {
            SetPeer(peer);
            Establish(now);
        }
        else if (_received is { HasGaps: false } && _received.Cumulative == Peer.InitialTsn - 1 && _reassembly is { Charged: 0 })
        {
            // The peer took another tag, and with it another first TSN, and sent nothing under the old one.
            SetPeer(peer);
        }
        else
        {
            Peer = Peer with { Tag = peer.Tag };
        }

        SendCookieAck();
    }

    /// <summary>The cookie belongs to this very association: our COOKIE ACK was lost, or the peer's INIT ACK (section 5.2.4 D).</summary>
    public void RepeatCookieAck(PeerParameters peer, long now)
    {
        if (State == AssociationState.CookieEchoed)
        {
            SetPeer(peer);
            Establish(now);
        }

        SendCookieAck();
    }

    /// <summary>
    /// The peer restarted while our SHUTDOWN ACK is under way (sections 5.2.4 A, 9.2). The SHUTDOWN ACK keeps the old tag: a peer in the
    /// middle of a handshake answers it as out of the blue, with the tag reflected, and that ends this association.
    /// </summary>
    public void RefuseRestart(uint newTag)
    {
        RepeatShutdownAck();
        var packet = OpenPacket(Path.PacketSize, newTag);
        packet.AddCause(ChunkType.Error, 0, CauseCode.CookieWhileShuttingDown, default);
        Close(ref packet);
    }

    public void RepeatShutdownAck() => SendAlone(ChunkType.ShutdownAck, 0, default);

    private void SendCookieAck() => SendAlone(ChunkType.CookieAck, 0, default);

    private void SendInit(long now)
    {
        var packet = OpenPacket(Path.PacketSize, 0);
        InitChunk.Write(
            ref packet, ChunkType.Init, LocalTag, (uint)Options.ReceiveBuffer, Options.OutboundStreams, Options.MaxInboundStreams, InitialTsn, 0);
        Close(ref packet);
        _timers.T1 = now + Path.Rto;
    }

    private void SendCookieEcho(long now)
    {
        var packet = OpenPacket(Math.Max(Path.PacketSize, CommonHeader.Size + Padding.Up(Chunk.HeaderSize + _cookie.Length)));
        _cookie.CopyTo(packet.AddChunk(ChunkType.CookieEcho, 0, _cookie.Length));
        if (_unrecognized.Length > 0 && packet.Remaining >= Padding.Up(Chunk.HeaderSize + TlvReader.HeaderSize + _unrecognized.Length))
        {
            packet.AddCause(ChunkType.Error, 0, CauseCode.UnrecognizedParameters, _unrecognized);
        }

        Close(ref packet);
        _timers.T1 = now + Path.Rto;
    }

    private void OnInitAck(in Chunk chunk, long now)
    {
        if (State != AssociationState.CookieWait || !InitChunk.TryRead(chunk, out var init) || init.InitiateTag == 0)
        {
            _host.Counters.UnexpectedChunk++;
            return;
        }

        Peer = Peer with { Tag = init.InitiateTag };
        if (!init.IsAcceptable)
        {
            Break(CauseCode.InvalidMandatoryParameter, "the peer's INIT ACK offers no stream or no window", default);
            return;
        }

        var parameters = new InitParameters(init.Parameters);
        if (!parameters.IsUsable || parameters.Cookie.IsEmpty)
        {
            BreakForMissingCookie();
            return;
        }

        _cookie = parameters.Cookie.ToArray();
        _unrecognized = parameters.Unrecognized.ToArray();
        Peer = new PeerParameters(
            init.InitiateTag,
            init.InitialTsn,
            init.ReceiveWindow,
            Math.Min(Options.OutboundStreams, init.InboundStreams),
            Math.Min(init.OutboundStreams, Options.MaxInboundStreams));
        State = AssociationState.CookieEchoed;
        _handshakeSends = 0;
        _cookieSentAt = now;
        SendCookieEcho(now);
    }

    private void BreakForMissingCookie()
    {
        Span<byte> information = stackalloc byte[6];
        BinaryPrimitives.WriteInt32BigEndian(information, 1);
        BinaryPrimitives.WriteUInt16BigEndian(information[4..], (ushort)ParameterType.StateCookie);
        Break(CauseCode.MissingParameter, "the peer's INIT ACK has no usable state cookie", information);
    }

    private void OnCookieAck(long now)
    {
        if (State == AssociationState.CookieEchoed)
        {
            if (_handshakeSends == 0)
            {
                // A first round trip, and the end of a back-off that lost INITs left behind (section 6.3.1).
                Path.ObserveRoundTrip(now - _cookieSentAt);
            }

            SetPeer(Peer);
            Establish(now);
        }
    }

    /// <summary>Section 5.2.6: begin again with a new INIT.</summary>
    private void OnStaleCookie(long now)
    {
        if (State != AssociationState.CookieEchoed)
        {
            return;
        }

        if (++_staleCookies > MaxStaleCookies)
        {
            Fail(new AssociationFailure(FailureReason.StaleCookie, (int)CauseCode.StaleCookie, Key.Peer, "the peer called every cookie stale"));
            return;
        }

        State = AssociationState.CookieWait;
        Peer = default;
        SendInit(now);
    }

    private void OnT1(long now)
    {
        if (++_handshakeSends > Options.MaxInitRetransmissions)
        {
            var what = State == AssociationState.CookieWait ? "INIT" : "COOKIE ECHO";
            var hint = _softError.Length == 0 ? "" : $" ({_softError})";
            Fail(new AssociationFailure(FailureReason.ConnectTimeout, 0, _softReporter, $"no answer to {what} after {_handshakeSends} tries{hint}"));
            return;
        }

        Path.BackOff();
        if (State == AssociationState.CookieWait)
        {
            SendInit(now);
        }
        else
        {
            SendCookieEcho(now);
        }
    }

    private void Establish(long now)
    {
        _timers.T1 = Timers.Never;
        _cookie = [];
        _unrecognized = [];
        _errors = 0;
        Path.ClearErrors();
        State = AssociationState.Established;
        ArmHeartbeat(now);
        _host.Raise(this, Listener.IsNone ? EndpointEventKind.Established : EndpointEventKind.Accepted);
        WakeWriter();
        if (_shutdownWanted)
        {
            State = AssociationState.ShutdownPending;
        }
    }
}
