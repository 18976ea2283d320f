using Trunkline.Sctp.Service;

namespace Trunkline.Sctp.Backends;

/// <summary>Who runs SCTP here. Passive: opening an SCTP socket would make a kernel load its module.</summary>
internal static class BackendDetection
{
    private const string Protocols = "/proc/net/protocols";

    internal static string SocketPath =>
        Environment.GetEnvironmentVariable(ServiceProtocol.SocketVariable) is { Length: > 0 } path ? path : ServiceProtocol.DefaultSocketPath;

    /// <exception cref="SctpException">EPROTONOSUPPORT: nobody does.</exception>
    internal static SctpBackend Detect()
    {
        if (File.Exists(SocketPath))
        {
            return SctpBackend.Service;
        }

        return KernelHasSctp() ? SctpBackend.Kernel : throw new SctpException(SctpError.ProtocolNotSupported);
    }

    private static bool KernelHasSctp()
    {
        try
        {
            return File.ReadLines(Protocols).Any(line => line.StartsWith("SCTP ", StringComparison.Ordinal));
        }
        catch (IOException)
        {
            // No /proc here: nothing says that the kernel has it.
            return false;
        }
    }
}
