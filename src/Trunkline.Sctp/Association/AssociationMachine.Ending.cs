using Trunkline.Sctp.Endpoint;
using Trunkline.Sctp.Wire;

namespace Trunkline.Sctp.Association;

internal sealed partial class AssociationMachine
{
    private string _softError = "";
    private SctpAddress _softReporter;

    /// <summary>The program's ABORT (section 9.1), with its reason as the User-Initiated Abort cause.</summary>
    public bool Abort(ReadOnlySpan<byte> reason)
    {
        if (HasEnded)
        {
            return false;
        }

        SendAbort(CauseCode.UserInitiatedAbort, reason);
        Fail(new AssociationFailure(FailureReason.LocalAbort, (int)CauseCode.UserInitiatedAbort, default, "aborted by the program"));
        return true;
    }

    /// <summary>A restarted peer took the place of this one (section 5.2.4 A); it knows nothing of this association.</summary>
    public void Replace() =>
        Fail(new AssociationFailure(FailureReason.PeerRestarted, 0, Key.Peer, "the peer restarted; what it had not acknowledged is lost"));

    /// <summary>
    /// An ICMP error whose quoted tag was found good (section 10, ICMP7 to ICMP9). Protocol unreachable is an ABORT in every state. All else
    /// is a router's opinion that may pass: it ends an attempt that has no answer yet, as Linux ends a connect, and never an association.
    /// </summary>
    public void OnUnreachable(FailureReason reason, SctpAddress reporter, string detail)
    {
        var ends = reason switch
        {
            FailureReason.ProtocolUnreachable => true,
            FailureReason.PortUnreachable => State is AssociationState.CookieWait or AssociationState.CookieEchoed,
            _ => State == AssociationState.CookieWait,
        };
        if (ends)
        {
            Fail(new AssociationFailure(reason, 0, reporter, detail));
        }
        else
        {
            // It becomes the explanation where the association times out.
            NoteSoftError(reporter, detail);
        }
    }

    private void NoteSoftError(SctpAddress reporter, string detail)
    {
        _softError = detail;
        _softReporter = reporter;
    }

    /// <summary>The peer broke the protocol: ABORT says why.</summary>
    private void Break(CauseCode cause, string detail, ReadOnlySpan<byte> information)
    {
        SendAbort(cause, information);
        Fail(new AssociationFailure(FailureReason.ProtocolViolation, (int)cause, default, detail));
    }

    private void SendAbort(CauseCode cause, ReadOnlySpan<byte> information)
    {
        // Before INIT ACK the peer has no tag, and keeps no state that an ABORT could end.
        if (Peer.Tag != 0)
        {
            _host.Counters.AbortsSent++;
            SendCause(ChunkType.Abort, cause, information);
        }
    }

    private void Fail(AssociationFailure failure) => End(failure);

    private void End(AssociationFailure? failure)
    {
        if (HasEnded)
        {
            return;
        }

        Failure = failure;
        HasEnded = true;
        State = AssociationState.Closed;
        _timers = new Timers();
        _sendQueue.Clear();
        _outstanding.Clear();
        _host.Ended(this);
    }
}
