using System.Net.Sockets;

namespace Trunkline.Sctp.Tests.Service;

/// <summary>Two ends of one Unix stream connection.</summary>
internal sealed class SocketPair : IDisposable
{
    private SocketPair(Socket left, Socket right) => (Left, Right) = (left, right);

    public Socket Left { get; }

    public Socket Right { get; }

    public static SocketPair Create()
    {
        var path = Path.Combine(Path.GetTempPath(), $"sctp-pair-{Guid.NewGuid():N}");
        using var listener = New();
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen(1);
        var left = New();
        left.Connect(new UnixDomainSocketEndPoint(path));
        var pair = new SocketPair(left, listener.Accept());
        File.Delete(path);
        return pair;
    }

    public void Dispose()
    {
        Left.Dispose();
        Right.Dispose();
    }

    private static Socket New() => new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
}
