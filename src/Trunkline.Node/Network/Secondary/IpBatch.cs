using System.Diagnostics;
using System.Text;

namespace Trunkline.Node.Network.Secondary;

/// <summary>Runs a batch of iproute2's `ip`, all of it or until the first command that fails.</summary>
internal static class IpBatch
{
    /// <param name="netnsPath">The namespace; null: where this process is.</param>
    /// <param name="commands">One command a line.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task RunAsync(string? netnsPath, IReadOnlyList<string> commands, CancellationToken cancellationToken)
    {
        string[] command = netnsPath is null ? ["ip", "-batch", "-"] : ["nsenter", $"--net={netnsPath}", "ip", "-batch", "-"];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
        };
        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.StandardInput.WriteAsync((string.Join('\n', commands) + "\n").AsMemory(), cancellationToken);
            process.StandardInput.Close();
            await process.WaitForExitAsync(cancellationToken);
            if (process.ExitCode != 0)
            {
                throw new IOException($"ip: {(await error + await output).Trim().ReplaceLineEndings("; ")}");
            }
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
    }
}
