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

    /// <summary>Each option may be good and all together not (RTO.Min above RTO.Max): that is known only when they are used.</summary>
    internal static AssociationOptions Usable(AssociationOptions options)
    {
        try
        {
            return options.Validated();
        }
        catch (ArgumentException)
        {
            throw new SctpException(SctpError.InvalidArgument);
        }
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

    /// <summary>A counter of the whole namespace.</summary>
    internal static uint Get(SctpEndpoint endpoint, ServiceOption option) => unchecked((uint)(option switch
    {
        ServiceOption.PacketsReceived => endpoint.Counters.PacketsReceived,
        ServiceOption.PacketsSent => endpoint.Counters.PacketsSent,
        ServiceOption.Malformed => endpoint.Counters.Malformed,
        ServiceOption.BadChecksum => endpoint.Counters.BadChecksum,
        ServiceOption.BadVerificationTag => endpoint.Counters.BadVerificationTag,
        ServiceOption.OutOfTheBlue => endpoint.Counters.OutOfTheBlue,
        ServiceOption.BadCookie => endpoint.Counters.BadCookie,
        ServiceOption.UnexpectedChunk => endpoint.Counters.UnexpectedChunk,
        ServiceOption.IcmpIgnored => endpoint.Counters.IcmpIgnored,
        ServiceOption.RetransmittedChunks => endpoint.Counters.RetransmittedChunks,
        ServiceOption.Associations => endpoint.AssociationCount,
        _ => throw new SctpException(SctpError.InvalidArgument),
    }));

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
