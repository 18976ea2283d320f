using System.Net;
using System.Net.Sockets;
using Trunkline.Node.Network.Netlink;
using Xunit;

namespace Trunkline.Node.IntegrationTests.Network;

/// <summary>A TCP connection between two kernels, by way of a Service, that says one number after the other and hears each back.</summary>
internal sealed class Connection(TcpListener listener, Socket client, Socket server) : IDisposable
{
    public static async Task<Connection> MakeAsync(Host from, Host to, IPAddress address, int port)
    {
        var token = TestContext.Current.CancellationToken;
        var any = address.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any;
        var listener = NamespaceThread.Run($"/run/netns/{to.Netns}", () =>
        {
            var made = new TcpListener(any, Given.TargetPort);
            made.Start();
            return made;
        });
        var client = NamespaceThread.Run($"/run/netns/{from.Netns}", () => new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp));
        await client.ConnectAsync(new IPEndPoint(address, port), token);
        return new Connection(listener, client, await listener.AcceptSocketAsync(token));
    }

    public async Task EchoAsync(int number)
    {
        var token = TestContext.Current.CancellationToken;
        await client.SendAsync(BitConverter.GetBytes(number), token);
        Assert.Equal(number, await ReadAsync(server, token));
        await server.SendAsync(BitConverter.GetBytes(number), token);
        Assert.Equal(number, await ReadAsync(client, token));
    }

    public void Dispose()
    {
        client.Dispose();
        server.Dispose();
        listener.Dispose();
    }

    private static async Task<int> ReadAsync(Socket socket, CancellationToken token)
    {
        var bytes = new byte[4];
        for (var read = 0; read < bytes.Length;)
        {
            var count = await socket.ReceiveAsync(bytes.AsMemory(read), token);
            Assert.NotEqual(0, count);
            read += count;
        }

        return BitConverter.ToInt32(bytes);
    }
}
