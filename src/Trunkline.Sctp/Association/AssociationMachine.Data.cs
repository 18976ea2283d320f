using System.Buffers.Binary;
using Trunkline.Sctp.Endpoint;
using Trunkline.Sctp.Wire;

namespace Trunkline.Sctp.Association;

internal sealed partial class AssociationMachine
{
    private const int PacketsBeforeSack = 2;
    private int _packetsSinceSack;
    private bool _sackNow;
    private bool _readerWaits = true;
    private bool _peerHasShutDown;
    private uint _advertised;

    private bool SackPending => _sackNow || _timers.SackDelay != Timers.Never;

    public ReadStatus Read(Span<byte> destination, out ReceivedPart part)
    {
        if (_reassembly is not null && _received is not null && _reassembly.Read(destination, out part))
        {
            if (!_reassembly.HasReadable)
            {
                RelievePressure();
            }

            UpdateWindow();
            return ReadStatus.Data;
        }

        part = default;
        if (Failure is not null)
        {
            return ReadStatus.Failed;
        }

        if (_peerHasShutDown || HasEnded)
        {
            return ReadStatus.EndOfStream;
        }

        _readerWaits = true;
        return ReadStatus.Empty;
    }

    /// <summary>A SACK at least every second packet (section 6.2), also within a burst: what two packets made due goes out before a third is taken.</summary>
    private void BeginData()
    {
        if (_sackNow && CarriesInboundData)
        {
            var packet = default(PacketWriter);
            AddSack(ref packet);
            Close(ref packet);
        }
    }

    private bool OnData(in Chunk chunk)
    {
        if (!CarriesInboundData || _received is null || _reassembly is null)
        {
            _host.Counters.UnexpectedChunk++;
            return true;
        }

        if (!DataChunk.TryRead(chunk, out var data))
        {
            _host.Counters.Malformed++;
            return false;
        }

        if (data.Payload.IsEmpty)
        {
            Span<byte> tsn = stackalloc byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(tsn, data.Tsn);
            Break(CauseCode.NoUserData, "the peer sent DATA without user data", tsn);
            return false;
        }

        _sackNow |= (data.Flags & DataChunk.Immediate) != 0;
        switch (_received.Judge(data.Tsn))
        {
            case Arrival.Duplicate:
                _received.NoteDuplicate(data.Tsn);
                _host.Counters.DuplicateData++;
                _sackNow = true;
                return true;
            case Arrival.TooFar:
                _host.Counters.DataDroppedForBuffer++;
                _sackNow = true;
                return true;
            default:
                return Hold(data);
        }
    }

    private bool Hold(in DataChunk data)
    {
        if (data.Stream >= Peer.InboundStreams)
        {
            // Acknowledged, reported and dropped (section 6.5).
            Span<byte> information = stackalloc byte[4];
            BinaryPrimitives.WriteUInt16BigEndian(information, data.Stream);
            information[2..].Clear();
            _received!.Add(data.Tsn);
            SendCause(ChunkType.Error, CauseCode.InvalidStream, information);
            return true;
        }

        if (!HasRoomFor(data))
        {
            _host.Counters.DataDroppedForBuffer++;
            _sackNow = true;
            return true;
        }

        switch (_reassembly!.Add(data))
        {
            case ReassemblyVerdict.NoMemory:
                _host.Counters.DataDroppedForBuffer++;
                _sackNow = true;
                return true;
            case ReassemblyVerdict.Contradiction:
                Break(CauseCode.ProtocolViolation, "the peer's fragments contradict one another", default);
                return false;
            default:
                _received!.Add(data.Tsn);
                return true;
        }
    }

    /// <summary>A full buffer still takes what closes a gap, as what waits behind the gap could otherwise never be read.</summary>
    private bool HasRoomFor(in DataChunk data)
    {
        var charged = _reassembly!.Charged;
        return charged < Options.ReceiveBuffer
            || (_received!.HasGaps && data.Tsn == _received.Cumulative + 1 && charged < 2 * Options.ReceiveBuffer);
    }

    private void EndData(long now)
    {
        if (!CarriesInboundData || _received is null || _reassembly is null)
        {
            return;
        }

        RelievePressure();
        _packetsSinceSack++;
        _sackNow |= _packetsSinceSack >= PacketsBeforeSack || _received.HasGaps;
        if (State == AssociationState.ShutdownSent)
        {
            AnswerDataInShutdown();
        }
        else if (!_sackNow && _timers.SackDelay == Timers.Never)
        {
            _timers.SackDelay = now + Options.SackDelay;
        }

        WakeReader();
    }

    /// <summary>A message that fills the buffer is handed on in parts (section 6.9).</summary>
    private void RelievePressure()
    {
        if (!_reassembly!.HasReadable && _reassembly.Charged >= Options.ReceiveBuffer / 2)
        {
            _reassembly.DeliverPartially(_received!.Cumulative);
        }
    }

    private void WakeReader()
    {
        if (_readerWaits && _reassembly!.HasReadable)
        {
            _readerWaits = false;
            _host.Raise(this, EndpointEventKind.MessageAvailable);
        }
    }

    /// <summary>a_rwnd: what is free, or nothing where that is too little to be worth a packet (silly windows, section 6.2).</summary>
    private uint ReceiveWindow()
    {
        var free = Math.Max(0, Options.ReceiveBuffer - (_reassembly?.Charged ?? 0));
        return free < Math.Min(Path.DataSize, Options.ReceiveBuffer / 4) ? 0 : (uint)free;
    }

    /// <summary>Tells a peer that may wait that there is room again.</summary>
    private void UpdateWindow()
    {
        if (!CarriesInboundData)
        {
            return;
        }

        var window = ReceiveWindow();
        if (window > _advertised && window - _advertised >= Math.Max(Path.DataSize, Options.ReceiveBuffer / 4))
        {
            _sackNow = true;
        }
    }

    private void AddSack(ref PacketWriter packet)
    {
        var length = _received!.SackLength(Path.PacketSize - Wire.CommonHeader.Size);
        MakeRoom(ref packet, Chunk.HeaderSize + length);
        _advertised = ReceiveWindow();
        _received.WriteSack(packet.AddChunk(ChunkType.Sack, 0, length), _advertised);
        _sackNow = false;
        _packetsSinceSack = 0;
        _timers.SackDelay = Timers.Never;
    }
}
