using System.Net.Sockets;
using System.Text;

namespace Trunkline.Node.MachineConfig;

/// <summary>The socket of the node's first process (docs/architecture.md): one line in, one line out.</summary>
internal static class InitSocket
{
    public static async Task RebootAsync(string path, CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            await socket.SendAsync(Encoding.ASCII.GetBytes("reboot\n"), cancellationToken);
            var buffer = new byte[256];
            var read = await socket.ReceiveAsync(buffer, cancellationToken);
            if (Encoding.ASCII.GetString(buffer, 0, read).Trim() is { Length: > 0 } answer and not "ok")
            {
                throw new IOException($"init does not reboot the node: {answer}");
            }
        }
        catch (SocketException exception)
        {
            throw new IOException($"init does not answer at {path}: {exception.Message}", exception);
        }
    }
}
