using Trunkline.Sctp.Transports.Native;

namespace Trunkline.Sctp.Transports;

/// <summary>Moves the calling thread into a network namespace, for good: only for threads of our own, never the pool's.</summary>
internal static class NetworkNamespace
{
    internal static void Enter(string path)
    {
        var descriptor = Libc.Open(path, Libc.ORdonly | Libc.OCloexec);
        if (descriptor < 0)
        {
            throw Libc.LastError($"open {path}");
        }

        try
        {
            _ = Libc.Check(Libc.SetNs(descriptor, Libc.CloneNewnet), $"setns {path}");
        }
        finally
        {
            _ = Libc.Close(descriptor);
        }
    }
}
