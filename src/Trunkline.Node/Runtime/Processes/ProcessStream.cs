using System.Net.Sockets;
using Trunkline.Node.Runtime.Native;

namespace Trunkline.Node.Runtime.Processes;

/// <summary>
/// Our end of a stream to a child. A socket pair rather than a pipe: .NET waits for sockets with epoll, but for a pipe with a blocked pool thread,
/// and every open `exec` would hold one.
/// </summary>
internal sealed class ProcessStream : IDisposable
{
    private int _theirs;

    public ProcessStream()
    {
        var (ours, theirs) = Libc.SocketPair();
        Socket = new Socket(new SafeSocketHandle(ours, ownsHandle: true));
        _theirs = theirs;
    }

    public Socket Socket { get; }

    /// <summary>The child's end, to be handed to <see cref="SpawnRequest"/>.</summary>
    public int ChildEnd => _theirs;

    /// <summary>After the start: only the child may hold its end, or its closing would never be seen.</summary>
    public void CloseChildEnd()
    {
        if (Interlocked.Exchange(ref _theirs, -1) is var descriptor and >= 0)
        {
            Libc.Check(Libc.Close(descriptor), "close");
        }
    }

    public void Dispose()
    {
        CloseChildEnd();
        Socket.Dispose();
    }
}
