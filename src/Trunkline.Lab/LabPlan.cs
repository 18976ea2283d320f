using System.Net;
using System.Net.Sockets;

namespace Trunkline.Lab;

/// <summary>Decides what shape a lab has, from what is asked for and what is there.</summary>
internal static class LabPlan
{
    private const int DefaultWorkers = 2;
    private const int FirstPort = 6443;

    /// <summary>The lab as it will be.</summary>
    /// <param name="options">What is asked for.</param>
    /// <param name="existing">What is there.</param>
    /// <param name="taken">Ports of other labs, which may not listen yet.</param>
    public static LabDescription For(LabOptions options, LabDescription? existing, IReadOnlySet<int> taken) =>
        existing is null ? New(options, taken) : Same(existing, options);

    private static bool HasIpv6 => Directory.Exists("/proc/sys/net/ipv6");

    private static LabDescription Same(LabDescription existing, LabOptions options)
    {
        if (options.Workers is { } workers && workers != existing.Workers)
        {
            throw new LabException(
                $"lab {existing.Name} is there with {existing.Workers} workers, not {workers}; take it down first with `trunkline lab down --name {existing.Name}`, " +
                "or choose another --name.", LabFailure.Different);
        }

        return options.Port is { } port && port != existing.Port
            ? throw new LabException(
                $"lab {existing.Name} is there on port {existing.Port}, not {port}; take it down first with `trunkline lab down --name {existing.Name}`.",
                LabFailure.Different)
            : existing;
    }

    private static LabDescription New(LabOptions options, IReadOnlySet<int> taken)
    {
        var workers = options.Workers ?? DefaultWorkers;
        if (workers is < 0 or > LabOptions.MaximumWorkers)
        {
            throw new LabException($"a lab has 0 to {LabOptions.MaximumWorkers} workers, not {workers}.", LabFailure.Usage);
        }

        if (options.Port is { } wanted)
        {
            return IsFree(wanted) && !taken.Contains(wanted)
                ? new LabDescription(options.Name, workers, wanted) { DualStack = HasIpv6 }
                : throw new LabException($"port {wanted} on 127.0.0.1 is in use by another program; choose another with --port, or leave it out.", LabFailure.PortInUse);
        }

        var port = Enumerable.Range(FirstPort, 200).FirstOrDefault(port => !taken.Contains(port) && IsFree(port));
        return port > 0
            ? new LabDescription(options.Name, workers, port) { DualStack = HasIpv6 }
            : throw new LabException($"no port from {FirstPort} to {FirstPort + 199} on 127.0.0.1 is free; choose one with --port.", LabFailure.PortInUse);
    }

    /// <summary>Whether nobody listens there.</summary>
    public static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
