using System.Buffers.Binary;
using Trunkline.Sctp.Wire;

namespace Trunkline.Sctp.Association;

internal sealed partial class AssociationMachine
{
    private const int HeartbeatInfoSize = 16;

    /// <summary>Runs every timer that is due.</summary>
    public void HandleTimeout(long now)
    {
        if (Expired(_timers.T5Guard, now))
        {
            OnT5();
        }

        if (Expired(_timers.T1, now))
        {
            _timers.T1 = Timers.Never;
            OnT1(now);
        }

        if (Expired(_timers.T2Shutdown, now))
        {
            _timers.T2Shutdown = Timers.Never;
            OnT2(now);
        }

        if (Expired(_timers.T3Retransmission, now))
        {
            OnT3();
        }

        if (Expired(_timers.SackDelay, now))
        {
            _timers.SackDelay = Timers.Never;
            _sackNow = true;
        }

        if (Expired(_timers.Heartbeat, now))
        {
            OnHeartbeatDue(now);
        }
    }

    private bool Expired(long deadline, long now) => !HasEnded && deadline <= now;

    /// <summary>Section 8.3: every HB.interval plus RTO, with jitter of half an RTO either way.</summary>
    private void ArmHeartbeat(long now)
    {
        var jitter = (long)(RandomNumber() % (ulong)Path.Rto) - (Path.Rto / 2);
        _timers.Heartbeat = Options.HeartbeatInterval == 0 ? Timers.Never : now + Options.HeartbeatInterval + Path.Rto + jitter;
    }

    private void OnHeartbeatDue(long now)
    {
        if (Path.HeartbeatOutstanding)
        {
            Path.HeartbeatOutstanding = false;
            Path.BackOff();
            CountError(Endpoint.FailureReason.RetransmissionLimit, "the peer answered no heartbeat");
        }

        if (HasEnded)
        {
            return;
        }

        var idle = now - Path.LastDataSentAt >= Options.HeartbeatInterval;
        if (idle && _outstanding.IsEmpty && State is Endpoint.AssociationState.Established or Endpoint.AssociationState.ShutdownPending)
        {
            SendHeartbeat(now);
        }

        ArmHeartbeat(now);
    }

    private void SendHeartbeat(long now)
    {
        Path.HeartbeatNonce = RandomNumber();
        Path.HeartbeatSentAt = now;
        Path.HeartbeatOutstanding = true;
        Span<byte> value = stackalloc byte[TlvReader.HeaderSize + HeartbeatInfoSize];
        Span<byte> information = stackalloc byte[HeartbeatInfoSize];
        BinaryPrimitives.WriteUInt64BigEndian(information, Path.HeartbeatNonce);
        BinaryPrimitives.WriteInt64BigEndian(information[8..], now);
        Tlv.Write(value, (ushort)ParameterType.HeartbeatInfo, information);
        SendAlone(ChunkType.Heartbeat, 0, value);
    }

    /// <summary>Believed only with our nonce, so that nobody can fake a path's round trip or life (section 8.3).</summary>
    private void OnHeartbeatAck(in Chunk chunk, long now)
    {
        var parameters = new TlvReader(chunk.Value);
        var matches = Path.HeartbeatOutstanding
            && parameters.TryRead(out var information)
            && information.Type == (ushort)ParameterType.HeartbeatInfo
            && information.Value.Length == HeartbeatInfoSize
            && BinaryPrimitives.ReadUInt64BigEndian(information.Value) == Path.HeartbeatNonce
            && BinaryPrimitives.ReadInt64BigEndian(information.Value[8..]) == Path.HeartbeatSentAt;
        if (!matches)
        {
            _host.Counters.UnexpectedChunk++;
            return;
        }

        Path.HeartbeatOutstanding = false;
        Path.ObserveRoundTrip(now - Path.HeartbeatSentAt);
        Path.ClearErrors();
        _errors = 0;
    }
}
