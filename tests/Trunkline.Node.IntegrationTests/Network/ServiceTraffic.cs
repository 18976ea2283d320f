using System.Net;
using System.Net.Sockets;
using Trunkline.Node.Network.Netlink;
using Trunkline.Policy.Model;
using Xunit;

namespace Trunkline.Node.IntegrationTests.Network;

/// <summary>How tests of Services ask who gets a packet, from where, and how it was refused. Both families.</summary>
internal static class ServiceTraffic
{
    /// <summary>Where the packet of one flow seems to come from at who should get it; null where it does not get it.</summary>
    public static async Task<IPAddress?> SourceAsync(Host from, IPAddress to, TransportProtocol protocol, int sourcePort, Host at, int port = Given.Port)
    {
        from.Send(to, protocol, sourcePort, port);
        return (await at.SeeAsync(protocol, sourcePort))?.Source;
    }

    /// <summary>Port unreachable, about a flow's packet.</summary>
    public static bool IsRefusalOf(Seen seen, int sourcePort) => seen.Protocol switch
    {
        1 => seen.Transport is [3, 3, ..] && Quotes(seen, 28, sourcePort),
        58 => seen.Transport is [1, 4, ..] && Quotes(seen, 48, sourcePort),
        _ => false,
    };

    /// <summary>Which Pod got the flow; -1 where none did.</summary>
    public static int PodOf(TestNode node, int sourcePort) =>
        node.Pods.FindIndex(pod => pod.Arrived.Any(seen => seen.Protocol == (int)TransportProtocol.Sctp && seen.SourcePort == sourcePort));

    /// <summary>A program of a namespace calls another by TCP: null where it is connected, else what its kernel says.</summary>
    public static async Task<SocketError?> CallAsync(string netns, IPAddress address, int port)
    {
        using var socket = NamespaceThread.Run($"/run/netns/{netns}", () => new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp));
        try
        {
            await socket.ConnectAsync(new IPEndPoint(address, port), TestContext.Current.CancellationToken);
            return null;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode;
        }
    }

    /// <summary>A program of a namespace listens by TCP, for both families.</summary>
    public static TcpListener Listen(string netns, int port) => NamespaceThread.Run($"/run/netns/{netns}", () =>
    {
        var listener = TcpListener.Create(port);
        listener.Start();
        return listener;
    });

    /// <summary>Source ports, in a range of the test's, of flows that the node's kernel knows.</summary>
    public static HashSet<int> Known(TestNode node, int from, int count) => [.. node.Flows.List().Select(flow => flow.SourcePort).Where(port => port >= from && port < from + count)];

    // What an error quotes begins with the IP header.
    private static bool Quotes(Seen seen, int place, int sourcePort) =>
        seen.Transport.Length >= place + 2 && ((seen.Transport[place] << 8) | seen.Transport[place + 1]) == sourcePort;
}
