namespace Trunkline.Policy.Model;

/// <summary>The protocols a NetworkPolicy can speak of; the values are IANA's protocol numbers.</summary>
public enum TransportProtocol
{
    Tcp = 6,
    Udp = 17,
    Sctp = 132,
}
