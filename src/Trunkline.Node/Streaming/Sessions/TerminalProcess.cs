using Trunkline.Node.Runtime;
using Trunkline.Node.Runtime.Processes;

namespace Trunkline.Node.Streaming.Sessions;

/// <summary>A command in a container on a terminal: runc carries between the container's terminal and one of ours.</summary>
internal sealed class TerminalProcess : IStreamedProcess
{
    private readonly ExecProcess _exec;
    private readonly PseudoTerminal _terminal = new();
    private readonly ChildProcess _child;
    private readonly TimeProvider _time;

    public TerminalProcess(ExecProcess exec, TimeProvider time)
    {
        _exec = exec;
        _time = time;
        _child = ChildProcess.Start(new SpawnRequest(exec.Command) { Terminal = _terminal.Name });
    }

    public void Dispose()
    {
        _terminal.Dispose();
        _exec.Dispose();
    }

    // A terminal cannot be awaited as a socket can: a thread of its own reads it.
    public Task PumpAsync(Func<bool, ReadOnlyMemory<byte>, Task> output, CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => Pump(output, done)) { IsBackground = true, Name = "terminal" }.Start();
        return done.Task;
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        _terminal.Write(input.Span);
        return ValueTask.CompletedTask;
    }

    // What a person would type to end the input.
    public void CloseInput() => _terminal.Write([0x04]);

    public void Resize(ushort columns, ushort rows) => _terminal.Resize(columns, rows);

    public async Task<int?> ExitedAsync() => await _child.Exited;

    public Task AbandonAsync() => _exec.EndAsync(_child, _time);

    private void Pump(Func<bool, ReadOnlyMemory<byte>, Task> output, TaskCompletionSource done)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (_terminal.Read(buffer) is var read and > 0)
            {
                output(false, buffer.AsMemory(0, read)).GetAwaiter().GetResult();
            }

            done.SetResult();
        }
        catch (Exception exception) when (exception is System.Net.WebSockets.WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            done.SetException(exception);
        }
    }
}
