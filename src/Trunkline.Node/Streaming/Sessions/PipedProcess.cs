using System.Net.Sockets;
using Trunkline.Node.Runtime;
using Trunkline.Node.Runtime.Processes;

namespace Trunkline.Node.Streaming.Sessions;

/// <summary>A command in a container without a terminal.</summary>
internal sealed class PipedProcess : IStreamedProcess
{
    private readonly ExecProcess _exec;
    private readonly ProcessStream? _input;
    private readonly ProcessStream _output = new();
    private readonly ProcessStream _error = new();
    private readonly ChildProcess _child;
    private readonly TimeProvider _time;

    public PipedProcess(ExecProcess exec, bool input, TimeProvider time)
    {
        _exec = exec;
        _time = time;
        _input = input ? new ProcessStream() : null;
        _child = ChildProcess.Start(new SpawnRequest(exec.Command) { Stdin = _input?.ChildEnd ?? -1, Stdout = _output.ChildEnd, Stderr = _error.ChildEnd });
        _input?.CloseChildEnd();
        _output.CloseChildEnd();
        _error.CloseChildEnd();
    }

    public void Dispose()
    {
        _input?.Dispose();
        _output.Dispose();
        _error.Dispose();
        _exec.Dispose();
    }

    public Task PumpAsync(Func<bool, ReadOnlyMemory<byte>, Task> output, CancellationToken cancellationToken) =>
        Task.WhenAll(PumpAsync(_output.Socket, false, output, cancellationToken), PumpAsync(_error.Socket, true, output, cancellationToken));

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        if (_input is null)
        {
            return;
        }

        try
        {
            while (input.Length > 0)
            {
                input = input[await _input.Socket.SendAsync(input, cancellationToken)..];
            }
        }
        catch (SocketException)
        {
            _input.Dispose(); // the command does not read any more; what is still typed is lost, as in a pipe
        }
        catch (ObjectDisposedException)
        {
            return;
        }
    }

    public void CloseInput()
    {
        try
        {
            _input?.Socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            return; // closed from the other side already, which is all that was wanted
        }
    }

    public void Resize(ushort columns, ushort rows)
    {
        // There is no terminal whose size could change.
    }

    public async Task<int?> ExitedAsync() => await _child.Exited;

    public Task AbandonAsync()
    {
        CloseInput();
        return _exec.EndAsync(_child, _time);
    }

    private static async Task PumpAsync(Socket socket, bool error, Func<bool, ReadOnlyMemory<byte>, Task> output, CancellationToken cancellationToken)
    {
        var buffer = new byte[16 * 1024];
        while (await socket.ReceiveAsync(buffer, cancellationToken) is var read and > 0)
        {
            await output(error, buffer.AsMemory(0, read));
        }
    }
}
