using Trunkline.Sctp.Endpoint;

namespace Trunkline.Sctp.Loops;

/// <summary>How an association ended, as the errno Linux gives for it.</summary>
internal static class FailureErrors
{
    internal static SctpException ToException(AssociationFailure failure, bool connecting) => new(ToError(failure.Reason, connecting), failure.Detail);

    internal static SctpError ToError(FailureReason reason, bool connecting) => reason switch
    {
        FailureReason.Refused => SctpError.ConnectionRefused,
        FailureReason.PeerAborted or FailureReason.PeerRestarted => connecting ? SctpError.ConnectionRefused : SctpError.ConnectionReset,
        FailureReason.ConnectTimeout or FailureReason.RetransmissionLimit or FailureReason.ShutdownTimeout => SctpError.TimedOut,

        // Linux: sctp_sf_cookie_wait_icmp_abort ends the attempt with ENOPROTOOPT, "Protocol not available".
        FailureReason.ProtocolUnreachable => SctpError.ProtocolNotAvailable,
        FailureReason.PortUnreachable => SctpError.ConnectionRefused,
        FailureReason.NetworkUnreachable => SctpError.NetworkUnreachable,
        FailureReason.HostUnreachable => SctpError.HostUnreachable,
        FailureReason.Prohibited => SctpError.AccessDenied,
        FailureReason.LocalAbort => SctpError.ConnectionAborted,
        FailureReason.StaleCookie => SctpError.Stale,
        FailureReason.ResourceLimit => SctpError.NoBufferSpace,
        _ => SctpError.ProtocolError,
    };

    internal static SctpException ToException(ConnectStatus status) => new(status switch
    {
        ConnectStatus.AlreadyConnected => SctpError.AlreadyConnected,
        ConnectStatus.TooManyAssociations => SctpError.NoBufferSpace,
        ConnectStatus.NoPort => SctpError.AddressNotAvailable,
        _ => SctpError.InvalidArgument,
    });
}
