using System.Net.Sockets;
using System.Text;

namespace Trunkline.NodeInit.Boot;

/// <summary>The other end of <see cref="InitSocket"/>, for `trunkline-node ctl` inside a node.</summary>
internal static class InitClient
{
    public static int Send(string path, string command, TextWriter output, TextWriter errors)
    {
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Connect(new UnixDomainSocketEndPoint(path));
            socket.Send(Encoding.UTF8.GetBytes(command + "\n"));
            var buffer = new byte[512];
            var answer = Encoding.UTF8.GetString(buffer, 0, socket.Receive(buffer)).Trim();
            output.WriteLine(answer);
            return answer.StartsWith("error", StringComparison.Ordinal) ? 1 : 0;
        }
        catch (SocketException error)
        {
            errors.WriteLine($"{path}: {error.Message}");
            return 1;
        }
    }
}
