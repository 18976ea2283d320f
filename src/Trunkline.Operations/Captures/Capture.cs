using Trunkline.Operations.Cluster;
using Trunkline.Operations.Machines;

namespace Trunkline.Operations.Captures;

/// <summary>A running tcpdump.</summary>
public sealed class Capture : IAsyncDisposable
{
    private const int PcapHeaderLength = 24;
    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(10);

    private readonly MachineProcess _process;
    private readonly FileStream _file;
    private readonly bool _keep;

    private Capture(MachineProcess process, FileStream file, bool keep) => (_process, _file, _keep) = (process, file, keep);

    /// <summary>The capture's file.</summary>
    public string Path => _file.Name;

    /// <summary>Starts a capture and returns when it sees packets.</summary>
    /// <param name="machines">The machines.</param>
    /// <param name="point">Where to watch.</param>
    /// <param name="filter">A pcap filter, such as <c>sctp</c>.</param>
    /// <param name="directory">Where the file goes.</param>
    /// <param name="keep">Whether the file stays after the capture is disposed.</param>
    /// <param name="cancel">Gives up.</param>
    public static async Task<Capture> StartAsync(
        IMachines machines, CapturePoint point, string filter, string directory, bool keep, CancellationToken cancel)
    {
        var path = System.IO.Path.Combine(directory, $"{point.Name}.pcap");
        for (var i = 2; File.Exists(path); i++)
        {
            path = System.IO.Path.Combine(directory, $"{point.Name}-{i}.pcap");
        }

        var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);

        var command = point.Enter(Tcpdump.Command("eth0", filter));
        var process = await machines.StartAsync(point.Machine, command, file);
        var capture = new Capture(process, file, keep);

        // tcpdump writes the file's header once it listens: from then on no packet is missed.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(s_startLimit);
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        try
        {
            while (file.Length < PcapHeaderLength)
            {
                await tick.WaitForNextTickAsync(limit.Token);
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            await capture.DisposeAsync();
            throw new ClusterException($"tcpdump at {point.Name} did not start within {s_startLimit.TotalSeconds} s");
        }

        return capture;
    }

    /// <summary>Ends the capture and gives its packets.</summary>
    public async Task<IReadOnlyList<CapturedPacket>> StopAsync(CancellationToken cancel)
    {
        var ended = await _process.StopAsync(cancel);
        if (ended.ExitCode != 0)
        {
            throw new ClusterException($"tcpdump ended with {ended.ExitCode}, so {Path} proves nothing: {ended.Error.Trim()}");
        }

        if (Tcpdump.Dropped(ended.Error) is > 0 and var dropped)
        {
            throw new ClusterException($"the kernel dropped {dropped} packets before tcpdump took them, so {Path} proves nothing; try again when the machine is less busy");
        }

        return PcapReader.Read(await File.ReadAllBytesAsync(Path, cancel));
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        await _file.DisposeAsync();
        if (!_keep)
        {
            File.Delete(Path);
        }
    }
}
