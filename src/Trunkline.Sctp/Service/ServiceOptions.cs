using Trunkline.Sctp.Endpoint;

namespace Trunkline.Sctp.Service;

/// <summary>setsockopt before connect or listen, getsockopt of the figures of an association.</summary>
internal static class ServiceOptions
{
    internal static AssociationOptions Set(AssociationOptions options, ServiceOption option, uint value)
    {
        if (value > int.MaxValue)
        {
            throw new SctpException(SctpError.InvalidArgument);
        }

        return option switch
        {
            ServiceOption.OutboundStreams when value is > 0 and <= ushort.MaxValue => options with { OutboundStreams = (ushort)value },
            ServiceOption.MaxInitRetransmissions when value <= 255 => options with { MaxInitRetransmissions = (int)value },
            ServiceOption.RtoInitial when value > 0 => options with { RtoInitial = value * 1000L },
            ServiceOption.RtoMin when value > 0 => options with { RtoMin = value * 1000L },
            ServiceOption.RtoMax when value > 0 => options with { RtoMax = value * 1000L },
            ServiceOption.HeartbeatInterval => options with { HeartbeatInterval = value * 1000L },
            _ => throw new SctpException(SctpError.InvalidArgument),
        };
    }

    internal static uint Get(AssociationOptions options, ServiceOption option) => option switch
    {
        ServiceOption.OutboundStreams => options.OutboundStreams,
        ServiceOption.MaxInitRetransmissions => (uint)options.MaxInitRetransmissions,
        ServiceOption.RtoInitial => (uint)(options.RtoInitial / 1000),
        ServiceOption.RtoMin => (uint)(options.RtoMin / 1000),
        ServiceOption.RtoMax => (uint)(options.RtoMax / 1000),
        ServiceOption.HeartbeatInterval => (uint)(options.HeartbeatInterval / 1000),
        _ => throw new SctpException(SctpError.NotConnected),
    };

    internal static uint Get(in AssociationInfo info, ServiceOption option) => option switch
    {
        ServiceOption.State => (uint)info.State,
        ServiceOption.LocalTag => info.LocalTag,
        ServiceOption.PeerTag => info.PeerTag,
        ServiceOption.PathMtu => (uint)info.PathMtu,
        ServiceOption.CongestionWindow => (uint)info.CongestionWindow,
        ServiceOption.SmoothedRoundTrip => (uint)(info.SmoothedRoundTrip / 1000),
        ServiceOption.OutboundStreams => info.OutboundStreams,
        _ => throw new SctpException(SctpError.InvalidArgument),
    };
}
