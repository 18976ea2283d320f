using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Trunkline.Policy.Model;
using Xunit;

namespace Trunkline.Node.IntegrationTests.Network;

/// <summary>An SCTP association of packets made by hand, so that the kernel's conntrack on the way takes it for one; to the server itself, or by way of a Service.</summary>
internal sealed class HandMadeAssociation(Host client, Host server, int clientPort, int serverPort, (IPAddress Address, int Port)? service = null)
{
    public const byte Data = 0, Init = 1, InitAck = 2, Heartbeat = 4, HeartbeatAck = 5, Abort = 6, ShutdownAck = 8, Error = 9, CookieEcho = 10, CookieAck = 11;
    private const byte Sack = 3;
    private const uint ClientTag = 0x0A0A0A0A, ServerTag = 0x0B0B0B0B;
    private uint _tsn;

    /// <summary>How many DATA chunks the client has sent.</summary>
    public uint Sent => _tsn;

    private (IPAddress Address, int Port) To => service ?? (server.Address, serverPort);

    /// <summary>The server acknowledges so many.</summary>
    public void SendSack(uint tsn) => ToClient(Sack, value: tsn);

    public async Task EstablishAsync()
    {
        ToServer(Init, 0, ClientTag);
        Assert.NotNull(await SeeAsync(server, clientPort, Init));
        ToClient(InitAck, ClientTag, ServerTag);
        Assert.NotNull(await SeeAsync(client, To.Port, InitAck));
        ToServer(CookieEcho, ServerTag, null);
        Assert.NotNull(await SeeAsync(server, clientPort, CookieEcho));
        ToClient(CookieAck, ClientTag, null);
        Assert.NotNull(await SeeAsync(client, To.Port, CookieAck));
    }

    /// <summary>The client sends one more DATA chunk; its TSN counts them.</summary>
    public void SendData() => ToServer(Data, ServerTag, ++_tsn);

    public void ToServer(byte chunk, uint? tag = null, uint? value = null) =>
        client.Send(To.Address, Wire.Sctp(Of(client), To.Address, clientPort, To.Port, tag ?? ServerTag, chunk, value));

    public void ToClient(byte chunk, uint? tag = null, uint? value = null) =>
        server.Send(Of(client), Wire.Sctp(Of(server), Of(client), serverPort, clientPort, tag ?? ClientTag, chunk, value));

    /// <summary>TSNs that arrived at the server.</summary>
    public IReadOnlyCollection<uint> Arrived() =>
        [.. server.Arrived.Where(seen => IsIts(seen, clientPort, Data)).Select(seen => BinaryPrimitives.ReadUInt32BigEndian(seen.Transport.AsSpan(16))).Distinct()];

    /// <summary>What the server's SACKs say that arrived at the client.</summary>
    public IReadOnlyCollection<uint> Acknowledged() =>
        [.. client.Arrived.Where(seen => IsIts(seen, To.Port, Sack)).Select(seen => BinaryPrimitives.ReadUInt32BigEndian(seen.Transport.AsSpan(16))).Distinct()];

    public bool HasArrived(byte chunk) => server.Arrived.Any(seen => IsIts(seen, clientPort, chunk));

    private IPAddress Of(Host host) => To.Address.AddressFamily == AddressFamily.InterNetworkV6 ? host.Address6! : host.Address;

    private static Task<Seen?> SeeAsync(Host host, int sourcePort, byte chunk) => host.SeeAsync(seen => IsIts(seen, sourcePort, chunk));

    private static bool IsIts(Seen seen, int sourcePort, byte chunk) =>
        seen.Protocol == (int)TransportProtocol.Sctp && seen.Transport.Length >= 20 && seen.SourcePort == sourcePort && seen.Transport[12] == chunk;
}
