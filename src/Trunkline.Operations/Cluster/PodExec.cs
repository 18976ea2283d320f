using System.Text;
using k8s;

namespace Trunkline.Operations.Cluster;

/// <summary>A command running in a Pod through the exec subresource, its output kept as it arrives.</summary>
public sealed class PodExec : IAsyncDisposable
{
    private const int MostKept = 64 << 20;
    private readonly IStreamDemuxer _demuxer;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private readonly StringBuilder _status = new();
    private readonly Lock _lock = new();
    private readonly Task _reading;

    private PodExec(IStreamDemuxer demuxer)
    {
        _demuxer = demuxer;
        _reading = Task.WhenAll(Pump(ChannelIndex.StdOut, _output), Pump(ChannelIndex.StdErr, _error), Pump(ChannelIndex.Error, _status));
        _demuxer.Start();
    }

    /// <summary>What the command has printed to standard output so far.</summary>
    public string Output => Read(_output);

    /// <summary>What the command has printed to standard error so far.</summary>
    public string Error => Read(_error);

    /// <summary>Starts a command in a container of a Pod: the one named, or its only one.</summary>
    public static async Task<PodExec> StartAsync(ClusterApi api, string ns, string pod, IEnumerable<string> command, CancellationToken cancel, string? container = null)
    {
        var demuxer = await api.Client.MuxedStreamNamespacedPodExecAsync(
            pod, ns, command, container, stderr: true, stdin: false, stdout: true, tty: false, cancellationToken: cancel);
        return new PodExec(demuxer);
    }

    /// <summary>Runs a command in a Pod to its end.</summary>
    public static async Task<ExecResult> RunAsync(ClusterApi api, string ns, string pod, IEnumerable<string> command, CancellationToken cancel)
    {
        await using var exec = await StartAsync(api, ns, pod, command, cancel);
        return await exec.WaitAsync(cancel);
    }

    /// <summary>Waits until the command has ended.</summary>
    public async Task<ExecResult> WaitAsync(CancellationToken cancel)
    {
        await _reading.WaitAsync(cancel);
        return new ExecResult(ExecStatus.ExitCode(Read(_status)), Output, Error);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        _demuxer.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task Pump(ChannelIndex channel, StringBuilder into)
    {
        using var stream = _demuxer.GetStream(channel, null);
        var buffer = new byte[8192];
        var chars = new char[8192];
        var decoder = Encoding.UTF8.GetDecoder();
        int read;
        while ((read = await stream.ReadAsync(buffer)) > 0)
        {
            var count = decoder.GetChars(buffer, 0, read, chars, 0);
            lock (_lock)
            {
                // What a Pod prints without end is read to its end and not kept.
                into.Append(chars, 0, Math.Min(count, Math.Max(0, MostKept - into.Length)));
            }
        }
    }

    private string Read(StringBuilder builder)
    {
        lock (_lock)
        {
            return builder.ToString();
        }
    }
}
