namespace Trunkline.Sctp.Service;

/// <summary>
/// Numbers of the protocol between programs and a node's SCTP service, a Unix stream socket. A frame is: length of the body (4 bytes, big endian),
/// kind (1), reserved (3, zero), body. One connection is one socket: an association, or a listener.
/// </summary>
public static class ServiceProtocol
{
    /// <summary>Where a Pod finds the service.</summary>
    public const string DefaultSocketPath = "/run/trunkline-sctp/sctp.sock";

    /// <summary>Names another path.</summary>
    public const string SocketVariable = "TRUNKLINE_SCTP_SOCKET";

    internal const int Version = 1;
    internal const uint Magic = 0x54524b4c; // "TRKL"
    internal const int HeaderSize = 8;

    /// <summary>stream (2), flags (1), reserved (1), payload protocol id (4).</summary>
    internal const int DataHeaderSize = 8;

    /// <summary>The largest part of a message in one Data frame.</summary>
    internal const int MaxPart = 32 * 1024;

    /// <summary>A longer body is a broken client.</summary>
    internal const int MaxBody = MaxPart + DataHeaderSize;

    /// <summary>Bytes of Data one side may have under way to the other unread. The receive window of the association follows the reader behind it.</summary>
    internal const int Window = 128 * 1024;

    /// <summary>Credit goes back in steps, so that a message read is not a frame written. Below the window by far: nobody waits for the last step.</summary>
    internal const int CreditStep = Window / 4;

    internal const int TokenSize = 16;
}
