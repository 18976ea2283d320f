namespace Trunkline.Netcat.CommandLine;

/// <summary>What carries the bytes.</summary>
public enum NetcatProtocol
{
    /// <summary>Default.</summary>
    Tcp,

    /// <summary><c>-u</c>.</summary>
    Udp,

    /// <summary><c>--sctp</c>.</summary>
    Sctp,
}
