using System.Diagnostics;
using Trunkline.Operations.Cluster;

namespace Trunkline.Operations.Machines;

/// <summary>A program running on a machine of the cluster.</summary>
public sealed class MachineProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _error;
    private readonly Task<string> _output;

    /// <summary>Takes over a process that was started with both outputs redirected.</summary>
    /// <param name="process">The process.</param>
    /// <param name="output">Where its standard output goes; null to keep it.</param>
    public MachineProcess(Process process, Stream? output)
    {
        _process = process;
        _error = process.StandardError.ReadToEndAsync();
        _output = output is null ? process.StandardOutput.ReadToEndAsync() : CopyAsync(process, output);
    }

    /// <summary>Waits for its end.</summary>
    public async Task<ExecResult> WaitAsync(CancellationToken cancel)
    {
        try
        {
            await _process.WaitForExitAsync(cancel);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            throw;
        }

        return new ExecResult(_process.ExitCode, await _output, await _error);
    }

    /// <summary>Asks it to end (SIGTERM), and waits until its output is complete.</summary>
    public async Task<ExecResult> StopAsync(CancellationToken cancel)
    {
        if (!_process.HasExited)
        {
            using var kill = Process.Start(new ProcessStartInfo("kill", ["-TERM", $"{_process.Id}"]) { RedirectStandardError = true })!;
            await kill.WaitForExitAsync(cancel);
        }

        await _process.WaitForExitAsync(cancel);
        return new ExecResult(_process.ExitCode, await _output, await _error);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task<string> CopyAsync(Process process, Stream output)
    {
        await process.StandardOutput.BaseStream.CopyToAsync(output);
        await output.FlushAsync();
        return "";
    }
}
