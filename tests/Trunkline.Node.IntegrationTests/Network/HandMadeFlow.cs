using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Trunkline.Policy.Model;
using Xunit;

namespace Trunkline.Node.IntegrationTests.Network;

/// <summary>
/// A flow of packets made by hand, of any protocol and either family, to a Pod or to a Service's address, so that the kernel's conntrack on the way takes it for one. When it
/// has begun, both ends say numbers.
/// </summary>
internal sealed class HandMadeFlow(Host client, Host server, TransportProtocol protocol, int clientPort, int serverPort)
{
    /// <summary>Echo requests and their answers; the client's port is their identifier.</summary>
    public const TransportProtocol Icmp = (TransportProtocol)1;
    private const byte Init = 1, InitAck = 2, CookieEcho = 10, CookieAck = 11, Data = 0, Syn = 2, SynAck = 0x12, Ack = 0x10, Push = 0x18;
    private const uint ClientTag = 0x0A0A0A0A, ServerTag = 0x0B0B0B0B, FirstSequence = 1000;
    private uint _toServer, _toClient;

    public AddressFamily Family { get; init; } = AddressFamily.InterNetwork;

    /// <summary>Where the client sends to, if not to the Pod itself.</summary>
    public (IPAddress Address, int Port)? Service { get; init; }

    public int ClientPort => clientPort;

    /// <summary>What was said and is not there, on either side.</summary>
    public IEnumerable<string> Lost =>
    [
        .. Numbers(_toServer).Except(Said(server)).Select(number => $"{number} to the server"), .. Numbers(_toClient).Except(Said(client)).Select(number => $"{number} to the client"),
    ];

    public async Task BeginAsync()
    {
        if (protocol == TransportProtocol.Sctp)
        {
            await ReachAsync(true, Init, 0, ClientTag);
            await ReachAsync(false, InitAck, ClientTag, ServerTag);
            await ReachAsync(true, CookieEcho, ServerTag, null);
            await ReachAsync(false, CookieAck, ClientTag, null);
        }
        else if (protocol == TransportProtocol.Tcp)
        {
            await ReachAsync(true, Segment(true, Syn, FirstSequence, 0, []));
            await ReachAsync(false, Segment(false, SynAck, FirstSequence, FirstSequence + 1, []));
            await ReachAsync(true, Segment(true, Ack, FirstSequence + 1, FirstSequence + 1, []));
        }

        SayToServer();
        await WaitAsync(server, _toServer);
        SayToClient();
        await WaitAsync(client, _toClient);
    }

    public void SayToServer() => Send(true, Saying(true, ++_toServer));

    public void SayToClient() => Send(false, Saying(false, ++_toClient));

    /// <summary>Whether the last that was said to the server is there.</summary>
    public bool IsHeard => Said(server).Contains(_toServer);

    private static IEnumerable<uint> Numbers(uint last) => Enumerable.Range(1, (int)last).Select(number => (uint)number);

    private byte[] Saying(bool toServer, uint number)
    {
        var payload = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(payload, number);
        var (from, to, fromPort, toPort) = Ends(toServer);
        var (own, other) = toServer ? (_toServer, _toClient) : (_toClient, _toServer);
        return protocol switch
        {
            TransportProtocol.Sctp => Wire.Sctp(from, to, fromPort, toPort, toServer ? ServerTag : ClientTag, Data, number),
            TransportProtocol.Tcp => Segment(toServer, Push, FirstSequence + 1 + (4 * (own - 1)), FirstSequence + 1 + (4 * other), payload),
            TransportProtocol.Udp => Wire.Datagram(from, to, fromPort, toPort, payload),
            _ => Wire.Echo(from, to, !toServer, clientPort, payload),
        };
    }

    private (IPAddress From, IPAddress To, int FromPort, int ToPort) Ends(bool toServer)
    {
        var isIpv6 = Family == AddressFamily.InterNetworkV6;
        var (own, served) = (isIpv6 ? client.Address6! : client.Address, isIpv6 ? server.Address6! : server.Address);
        // Answers go out untranslated: the server knows nothing of the Service.
        return toServer ? (own, Service?.Address ?? served, clientPort, Service?.Port ?? serverPort) : (served, own, serverPort, clientPort);
    }

    private byte[] Segment(bool toServer, byte flags, uint sequence, uint acknowledged, byte[] payload)
    {
        var (from, to, fromPort, toPort) = Ends(toServer);
        return Wire.Tcp(from, to, fromPort, toPort, flags, sequence, acknowledged, payload);
    }

    private void Send(bool toServer, byte[] packet) => (toServer ? client : server).Send(Ends(toServer).To, packet);

    private Task ReachAsync(bool toServer, byte chunk, uint tag, uint? value)
    {
        var (from, to, fromPort, toPort) = Ends(toServer);
        return ReachAsync(toServer, Wire.Sctp(from, to, fromPort, toPort, tag, chunk, value));
    }

    private async Task ReachAsync(bool toServer, byte[] packet)
    {
        var kind = packet[(Family == AddressFamily.InterNetworkV6 ? 40 : 20) + (protocol == TransportProtocol.Tcp ? 13 : 12)];
        Send(toServer, packet);
        Assert.NotNull(await (toServer ? server : client).SeeAsync(seen => IsIts(seen, toServer) && seen.Transport[protocol == TransportProtocol.Tcp ? 13 : 12] == kind));
    }

    private async Task WaitAsync(Host host, uint number) =>
        Assert.NotNull(await host.SeeAsync(seen => NumberOf(seen, ReferenceEquals(host, server)) == number));

    private HashSet<uint> Said(Host host) => [.. host.Arrived.Select(seen => NumberOf(seen, ReferenceEquals(host, server))).OfType<uint>()];

    private uint? NumberOf(Seen seen, bool toServer)
    {
        var at = protocol switch { TransportProtocol.Sctp => 16, TransportProtocol.Tcp => 20, _ => 8 };
        return IsIts(seen, toServer) && seen.Transport.Length >= at + 4 && (protocol != TransportProtocol.Sctp || seen.Transport[12] == Data)
            ? BinaryPrimitives.ReadUInt32BigEndian(seen.Transport.AsSpan(at))
            : null;
    }

    private bool IsIts(Seen seen, bool toServer) => seen.Protocol == (int)protocol && seen.Destination.AddressFamily == Family && (protocol != Icmp
        ? (toServer ? seen.SourcePort : seen.DestinationPort) == clientPort
        : BinaryPrimitives.ReadUInt16BigEndian(seen.Transport.AsSpan(4)) == clientPort && seen.Transport[0] == (toServer ? 8 : 0));
}
