namespace Trunkline.Policy.Model;

/// <summary>Kubernetes' spelling of protocols.</summary>
public static class Protocols
{
    /// <summary>A missing protocol is TCP (Kubernetes default for every port); an unknown one is nothing we know.</summary>
    public static TransportProtocol? Parse(string? text) => text switch
    {
        null or "" or "TCP" => TransportProtocol.Tcp,
        "UDP" => TransportProtocol.Udp,
        "SCTP" => TransportProtocol.Sctp,
        _ => null,
    };

    /// <summary>As nftables and /etc/protocols write it.</summary>
    public static string Lower(this TransportProtocol protocol) => protocol switch
    {
        TransportProtocol.Tcp => "tcp",
        TransportProtocol.Udp => "udp",
        _ => "sctp",
    };

    public static string Upper(this TransportProtocol protocol) => protocol.Lower().ToUpperInvariant();
}
