namespace Trunkline.Node.IntegrationTests.Kernel.Reading;

/// <summary>How the list writes a value.</summary>
internal enum FieldKind
{
    Number,
    Ipv4,
    Ipv6,
    Protocol,
    CtState,
    CtStatus,
    CtDirection,
    NfProtocol,
    EtherType,
    FibType,
    TcpFlags,
    IcmpType,
    Icmpv6Type,
    Flag,
    Link,
}
