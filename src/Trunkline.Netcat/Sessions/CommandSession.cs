using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Trunkline.Netcat.CommandLine;
using Trunkline.Netcat.Connections;

namespace Trunkline.Netcat.Sessions;

/// <summary><c>-e</c> and <c>-c</c>: a program whose standard input and output are the connection.</summary>
internal static class CommandSession
{
    internal static async Task RunAsync(IConnection connection, NetcatOptions options, Reporter reporter)
    {
        Process? process;
        try
        {
            process = Process.Start(Describe(connection, options));
        }
        catch (Win32Exception failed)
        {
            reporter.Plain($"exec: {failed.NativeErrorCode switch { 2 => "No such file or directory", 13 => "Permission denied", _ => failed.Message }}");
            return;
        }

        using (process ?? throw new InvalidOperationException("a program started is a process"))
        {
            var toProgram = CopyInAsync(connection, process);
            try
            {
                await CopyOutAsync(connection, process);
                await connection.FinishSendingAsync(CancellationToken.None);
            }
            catch (ConnectionException)
            {
                // The peer is gone: the program sees its output closed, as with a socket.
                process.StandardOutput.Close();
            }

            await process.WaitForExitAsync();
            if (!connection.HasHalfClose && connection.HasEnd)
            {
                // SHUTDOWN is complete when the peer has acknowledged everything.
                await toProgram;
            }
        }
    }

    private static ProcessStartInfo Describe(IConnection connection, NetcatOptions options)
    {
        var words = options.Execute?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? ["/bin/sh", "-c", options.ShellExecute!];
        var start = new ProcessStartInfo(words[0]) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var word in words.Skip(1))
        {
            start.ArgumentList.Add(word);
        }

        start.Environment["NCAT_REMOTE_ADDR"] = connection.RemoteEndPoint.Address.ToString();
        start.Environment["NCAT_REMOTE_PORT"] = connection.RemoteEndPoint.Port.ToString(CultureInfo.InvariantCulture);
        start.Environment["NCAT_LOCAL_ADDR"] = connection.LocalEndPoint.Address.ToString();
        start.Environment["NCAT_LOCAL_PORT"] = connection.LocalEndPoint.Port.ToString(CultureInfo.InvariantCulture);
        start.Environment["NCAT_PROTO"] = options.Protocol.ToString().ToUpperInvariant();
        return start;
    }

    private static async Task CopyInAsync(IConnection connection, Process process)
    {
        var buffer = new byte[65536];
        var input = process.StandardInput.BaseStream;
        try
        {
            int count;
            while ((count = await connection.ReadAsync(buffer, CancellationToken.None)) > 0)
            {
                await input.WriteAsync(buffer.AsMemory(0, count));
                await input.FlushAsync();
            }
        }
        catch (Exception ended) when (ended is IOException or ObjectDisposedException)
        {
            // The program no longer reads, or the peer is gone: either way there is nothing more to hand over.
            _ = ended;
        }

        process.StandardInput.Close();
    }

    private static async Task CopyOutAsync(IConnection connection, Process process)
    {
        var buffer = new byte[8192];
        int count;
        while ((count = await process.StandardOutput.BaseStream.ReadAsync(buffer)) > 0)
        {
            await connection.WriteAsync(buffer.AsMemory(0, count), CancellationToken.None);
        }
    }
}
