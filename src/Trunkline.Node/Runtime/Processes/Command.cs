using System.Net.Sockets;
using System.Text;
using Trunkline.Node.Runtime.Native;

namespace Trunkline.Node.Runtime.Processes;

/// <summary>Runs a program to its end and keeps a bounded part of what it says.</summary>
internal static class Command
{
    private const int KeptBytes = 64 * 1024;

    public static async Task<CommandResult> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        using var output = new ProcessStream();
        using var error = new ProcessStream();
        var child = ChildProcess.Start(new SpawnRequest(arguments) { Stdout = output.ChildEnd, Stderr = error.ChildEnd });
        output.CloseChildEnd();
        error.CloseChildEnd();
        await using var kill = cancellationToken.Register(() => child.Signal(Libc.SigKill)).ConfigureAwait(false);
        var said = ReadAsync(output.Socket, cancellationToken);
        var complained = ReadAsync(error.Socket, cancellationToken);
        var exitCode = await child.Exited;
        cancellationToken.ThrowIfCancellationRequested();
        return new CommandResult(exitCode, await said, await complained);
    }

    /// <summary>Runs a program that has to succeed.</summary>
    public static async Task<string> MustAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var result = await RunAsync(arguments, cancellationToken);
        return result.ExitCode == 0 ? result.Output : throw new IOException($"{string.Join(' ', arguments.Take(3))}: {result.Complaint}");
    }

    private static async Task<string> ReadAsync(Socket socket, CancellationToken cancellationToken)
    {
        var kept = new MemoryStream();
        var buffer = new byte[4096];
        while (await socket.ReceiveAsync(buffer, cancellationToken) is var read and > 0)
        {
            kept.Write(buffer, 0, (int)Math.Min(read, KeptBytes - kept.Length));
        }

        return Encoding.UTF8.GetString(kept.GetBuffer(), 0, (int)kept.Length);
    }
}
