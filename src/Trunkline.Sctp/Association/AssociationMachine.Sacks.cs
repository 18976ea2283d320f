using Trunkline.Sctp.Endpoint;
using Trunkline.Sctp.Wire;

namespace Trunkline.Sctp.Association;

internal sealed partial class AssociationMachine
{
    private uint _peerAdvertised;
    private bool _inFastRecovery;
    private uint _fastRecoveryExit;
    private bool _windowProbed;

    /// <summary>What the peer's window still takes: its last word less what is in flight (section 6.2.1).</summary>
    private int PeerWindow => (int)Math.Max(0, Math.Min(_peerAdvertised, int.MaxValue) - _outstanding.BytesInFlight);

    private void OnSack(in Chunk chunk, long now)
    {
        if (!CarriesOutboundData)
        {
            _host.Counters.UnexpectedChunk++;
            return;
        }

        if (!SackChunk.TryRead(chunk, out var sack))
        {
            _host.Counters.Malformed++;
            return;
        }

        var flightBefore = _outstanding.BytesInFlight;
        var outcome = _outstanding.Process(sack, _inFastRecovery);
        if (outcome.Verdict == SackVerdict.Taken)
        {
            _peerAdvertised = sack.ReceiveWindow;
            _windowProbed = false;
        }

        Apply(outcome, flightBefore, now);
    }

    /// <summary>What follows from an acknowledgement for window, timers, round trip and writer.</summary>
    private void Apply(in SackOutcome outcome, int flightBefore, long now)
    {
        if (outcome.Verdict != SackVerdict.Taken)
        {
            if (outcome.Verdict == SackVerdict.Impossible)
            {
                Break(CauseCode.ProtocolViolation, "the peer acknowledged a TSN that was never sent", default);
            }

            return;
        }

        if (outcome.AcknowledgedBytes > 0)
        {
            _errors = 0;
            Path.ClearErrors();
            _burstCredit += outcome.AcknowledgedBytes;
        }

        if (outcome.Sampled)
        {
            Path.ObserveRoundTrip(now - _outstanding.SampleSentAt);
        }
        else if (outcome.CumulativeAdvanced)
        {
            Path.ObserveProgress();
        }

        Recover(outcome, flightBefore);
        RunT3After(outcome, now);
        WakeWriter();
    }

    private void Recover(in SackOutcome outcome, int flightBefore)
    {
        if (_inFastRecovery && !Serial.Less(_outstanding.CumulativeAcknowledged, _fastRecoveryExit))
        {
            _inFastRecovery = false;
        }

        if (outcome.AcknowledgedBytes > 0)
        {
            Path.Congestion.Acknowledged(new Acknowledgement(
                outcome.AcknowledgedBytes, flightBefore, outcome.CumulativeAdvanced, _inFastRecovery, _outstanding.IsEmpty));
        }

        if (!outcome.MarkedForFastRetransmit)
        {
            return;
        }

        _host.Counters.FastRetransmits++;
        if (!_inFastRecovery)
        {
            Path.Congestion.FastRetransmit();
            _inFastRecovery = true;
            _fastRecoveryExit = _outstanding.NextTsn - 1;
            _resendAtOnce = true;
        }
    }

    /// <summary>Section 6.3.2, R2 to R4, and rule 4 of section 7.2.4.</summary>
    private void RunT3After(in SackOutcome outcome, long now)
    {
        if (_outstanding.InFlight == 0)
        {
            _timers.T3Retransmission = Timers.Never;
        }
        else if (outcome.CumulativeAdvanced || outcome.MarkedFirst || _timers.T3Retransmission == Timers.Never)
        {
            _timers.T3Retransmission = now + Path.Rto;
        }
    }

    private void StartT3(long now)
    {
        if (_timers.T3Retransmission == Timers.Never)
        {
            _timers.T3Retransmission = now + Path.Rto;
        }
    }

    /// <summary>Section 6.3.3.</summary>
    private void OnT3()
    {
        _timers.T3Retransmission = Timers.Never;
        if (_outstanding.InFlight == 0)
        {
            return;
        }

        // A peer that answers probes with a closed window is slow, not gone (section 6.1 A).
        var probing = _peerAdvertised < (uint)Path.DataSize && !_windowProbed;
        _windowProbed = true;
        _outstanding.MarkAll();
        _inFastRecovery = false;
        Path.BackOff();
        _host.Counters.TimerRetransmits++;
        if (!probing)
        {
            Path.Congestion.Timeout();
            CountError(FailureReason.RetransmissionLimit, "the peer acknowledged nothing any more");
        }
    }

    private void CountError(FailureReason reason, string what)
    {
        Path.CountError();
        if (++_errors > Options.AssociationMaxRetransmissions)
        {
            var hint = _softError.Length == 0 ? "" : $" ({_softError})";
            Fail(new AssociationFailure(reason, 0, _softReporter, $"{what} after {_errors} timeouts{hint}"));
        }
    }
}
