using System.Buffers.Binary;
using Trunkline.Sctp.Endpoint;
using Trunkline.Sctp.Loops;

namespace Trunkline.Sctp.Tests.Endpoint;

/// <summary>RFC 9260 section 10: what ICMP may end, and what a forged one may not.</summary>
public sealed class IcmpStories
{
    private static readonly SctpAddress _router = SctpAddress.Parse("10.9.9.9");

    [Theory]
    [InlineData(3, 0, FailureReason.NetworkUnreachable, SctpError.NetworkUnreachable)]
    [InlineData(3, 1, FailureReason.HostUnreachable, SctpError.HostUnreachable)]
    [InlineData(3, 2, FailureReason.ProtocolUnreachable, SctpError.ProtocolNotAvailable)]
    [InlineData(3, 3, FailureReason.PortUnreachable, SctpError.ConnectionRefused)]
    [InlineData(3, 5, FailureReason.HostUnreachable, SctpError.HostUnreachable)]
    [InlineData(3, 6, FailureReason.NetworkUnreachable, SctpError.NetworkUnreachable)]
    [InlineData(3, 7, FailureReason.HostUnreachable, SctpError.HostUnreachable)]
    [InlineData(3, 9, FailureReason.NetworkUnreachable, SctpError.NetworkUnreachable)]
    [InlineData(3, 10, FailureReason.HostUnreachable, SctpError.HostUnreachable)]
    [InlineData(3, 13, FailureReason.HostUnreachable, SctpError.HostUnreachable)]
    [InlineData(11, 0, FailureReason.HostUnreachable, SctpError.HostUnreachable)]
    public void Icmp_ends_an_unanswered_init_with_the_errno_of_linux(byte type, byte code, FailureReason reason, SctpError error) =>
        Ends(new Duo { Passes = _ => false }, type, code, reason, error);

    [Theory]
    [InlineData(1, 0, FailureReason.NetworkUnreachable, SctpError.NetworkUnreachable)]
    [InlineData(1, 1, FailureReason.Prohibited, SctpError.AccessDenied)]
    [InlineData(1, 3, FailureReason.HostUnreachable, SctpError.HostUnreachable)]
    [InlineData(1, 4, FailureReason.PortUnreachable, SctpError.ConnectionRefused)]
    [InlineData(1, 5, FailureReason.Prohibited, SctpError.AccessDenied)]
    [InlineData(1, 6, FailureReason.Prohibited, SctpError.AccessDenied)]
    [InlineData(3, 0, FailureReason.HostUnreachable, SctpError.HostUnreachable)]
    [InlineData(4, 1, FailureReason.ProtocolUnreachable, SctpError.ProtocolNotAvailable)]
    public void Icmpv6_ends_an_unanswered_init_with_the_errno_of_linux(byte type, byte code, FailureReason reason, SctpError error) =>
        Ends(new Duo(ipv6: true) { Passes = _ => false }, type, code, reason, error);

    [Theory]
    [InlineData(5, 0)]
    [InlineData(8, 0)]
    [InlineData(11, 1)]
    [InlineData(12, 0)]
    [InlineData(3, 16)]
    [InlineData(3, 4)]
    public void What_says_nothing_about_the_peer_ends_nothing(byte type, byte code)
    {
        var duo = new Duo { Passes = _ => false };
        duo.Connect();
        Tell(duo, type, code, duo.Packets[0]);
        Assert.Equal(1, duo.Client.Counters.IcmpIgnored);
        Assert.Equal(AssociationState.CookieWait, duo.InfoA.State);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(13)]
    public void A_forged_quotation_of_our_init_is_ignored_and_counted(byte code)
    {
        var duo = new Duo { Passes = _ => false };
        duo.Connect();
        var init = duo.Packets[0];
        Tell(duo, 3, code, Changed(init, 16, 1));
        Tell(duo, 3, code, Changed(init, 4, duo.InfoA.LocalTag));
        Tell(duo, 3, code, Changed(init, 12, 0x02000020));
        Tell(duo, 3, code, init[..16]);
        Tell(duo, 3, code, init[..8]);
        Tell(duo, 3, code, []);
        Tell(duo, 3, code, Changed(init, 0, 0x0fa11388));
        duo.Client.ReceiveIcmp(new IcmpError(3, code, 0, _router, duo.ClientAddress, _router, init), 0);
        duo.Client.ReceiveIcmp(new IcmpError(3, code, 0, _router, duo.ServerAddress, duo.ClientAddress, init), 0);
        Assert.Equal(9, duo.Client.Counters.IcmpIgnored);
        Assert.Equal(AssociationState.CookieWait, duo.InfoA.State);
        Tell(duo, 3, code, init);
        Assert.True(Duo.HasEvent(duo.Client, EndpointEventKind.Failed));
    }

    [Fact]
    public void An_unreachable_host_does_not_end_a_handshake_that_the_peer_has_answered()
    {
        var duo = new Duo { Passes = line => line is not "A: CookieEcho" };
        duo.Connect();
        duo.Run(50_000);
        Assert.Equal(AssociationState.CookieEchoed, duo.InfoA.State);
        var echo = duo.Packets.Last();
        Tell(duo, 3, 13, echo);
        Tell(duo, 3, 1, duo.Packets[0]);
        Assert.Equal(AssociationState.CookieEchoed, duo.InfoA.State);
        duo.Run(600_000_000);
        var failure = Duo.NextEvent(duo.Client, EndpointEventKind.Failed).Failure!;
        Assert.Equal(FailureReason.ConnectTimeout, failure.Reason);
        Assert.Contains("10.9.9.9 says: communication administratively prohibited", failure.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, 0)]
    [InlineData(3, 1)]
    [InlineData(3, 3)]
    [InlineData(3, 10)]
    [InlineData(3, 13)]
    [InlineData(11, 0)]
    public void No_routers_opinion_ends_an_association(byte type, byte code)
    {
        var duo = new Duo().Established();
        Tell(duo, type, code, Forge.Packet(4000, Duo.Port, duo.InfoA.PeerTag, Forge.Chunk(0, 3)));
        Assert.Equal(AssociationState.Established, duo.InfoA.State);
        Assert.Equal(0, duo.Client.Counters.IcmpIgnored);
    }

    [Fact]
    public void Protocol_unreachable_is_an_abort_but_only_with_the_peers_tag()
    {
        var duo = new Duo().Established();
        var info = duo.InfoA;
        foreach (var tag in new[] { 0u, info.LocalTag, info.PeerTag ^ 1 })
        {
            Tell(duo, 3, 2, Forge.Packet(4000, Duo.Port, tag, Forge.Chunk(0, 3)));
        }

        Tell(duo, 3, 2, Forge.Init(4000, Duo.Port, info.LocalTag));
        Assert.Equal(4, duo.Client.Counters.IcmpIgnored);
        Assert.Equal(AssociationState.Established, duo.InfoA.State);
        Tell(duo, 3, 2, Forge.Packet(4000, Duo.Port, info.PeerTag, Forge.Chunk(0, 3)));
        var failure = Duo.NextEvent(duo.Client, EndpointEventKind.Failed).Failure!;
        Assert.Equal((FailureReason.ProtocolUnreachable, _router), (failure.Reason, failure.Reporter));
    }

    [Fact]
    public void Too_big_is_not_believed_below_what_every_link_carries()
    {
        var duo = new Duo().Established();
        var quoted = Forge.Packet(4000, Duo.Port, duo.InfoA.PeerTag, Forge.Chunk(0, 0));
        duo.Client.ReceiveIcmp(new IcmpError(3, 4, 68, _router, duo.ClientAddress, duo.ServerAddress, quoted), 0);
        Assert.Equal(576, duo.InfoA.PathMtu);
        duo.Client.ReceiveIcmp(new IcmpError(3, 4, 0, _router, duo.ClientAddress, duo.ServerAddress, quoted), 0);
        Assert.Equal(576, duo.InfoA.PathMtu);
        duo.Client.ReceiveIcmp(new IcmpError(3, 4, 9000, _router, duo.ClientAddress, duo.ServerAddress, quoted), 0);
        Assert.Equal(576, duo.InfoA.PathMtu);
    }

    private static void Ends(Duo duo, byte type, byte code, FailureReason reason, SctpError error)
    {
        duo.Connect();
        Tell(duo, type, code, duo.Packets[0].AsSpan(0, 20).ToArray());
        var failure = Duo.NextEvent(duo.Client, EndpointEventKind.Failed).Failure!;
        Assert.Equal((reason, _router), (failure.Reason, failure.Reporter));
        Assert.Equal(error, FailureErrors.ToError(failure.Reason, connecting: true));
        Assert.StartsWith("10.9.9.9 says: ", failure.Detail, StringComparison.Ordinal);
    }

    private static void Tell(Duo duo, byte type, byte code, byte[] quoted) =>
        duo.Client.ReceiveIcmp(new IcmpError(type, code, 0, _router, duo.ClientAddress, duo.ServerAddress, quoted), duo.Network.Now);

    private static byte[] Changed(byte[] packet, int offset, uint value)
    {
        var changed = packet.ToArray();
        BinaryPrimitives.WriteUInt32BigEndian(changed.AsSpan(offset), value);
        return changed;
    }
}
