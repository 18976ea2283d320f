using System.Runtime.InteropServices;
using System.Text;
using Trunkline.Node.Runtime.Native;

namespace Trunkline.Node.Streaming.Sessions;

/// <summary>A pair of pseudo-terminals; we hold the master.</summary>
internal sealed unsafe class PseudoTerminal : IDisposable
{
    private const nuint SetWindowSize = 0x5414; // TIOCSWINSZ

    private readonly Lock _lock = new();
    private int _master;

    public PseudoTerminal()
    {
        _master = Libc.OpenTerminal(Libc.OpenReadWrite | Libc.OpenNoControllingTerminal | Libc.OpenCloseOnExec);
        Libc.Check(_master, "posix_openpt");
        Libc.Check(Libc.GrantTerminal(_master), "grantpt");
        Libc.Check(Libc.UnlockTerminal(_master), "unlockpt");
        var name = stackalloc byte[128];
        Libc.Check(-Libc.TerminalName(_master, name, 128), "ptsname"); // gives the error's number instead of -1
        Name = Encoding.ASCII.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name));
    }

    /// <summary>The slave's path.</summary>
    public string Name { get; }

    /// <summary>0 or less when nobody holds the other side any more.</summary>
    public int Read(Span<byte> buffer) => Libc.Read(_master, buffer);

    public void Write(ReadOnlySpan<byte> data)
    {
        if (_master >= 0)
        {
            _ = Libc.WriteAll(_master, data); // false: nobody reads any more, and the session is about to end
        }
    }

    public void Resize(ushort columns, ushort rows)
    {
        lock (_lock)
        {
            if (_master >= 0)
            {
                var size = stackalloc ushort[] { rows, columns, 0, 0 };
                Libc.Check(Libc.Ioctl(_master, SetWindowSize, size), "TIOCSWINSZ");
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_master >= 0)
            {
                Libc.Check(Libc.Close(_master), "close");
                _master = -1;
            }
        }
    }
}
