using System.Diagnostics;
using System.Text;

namespace Trunkline.Node.Network.Secondary;

/// <summary>Runs iproute2's `ip` or `nft` on a script, in a network namespace: all of it, or an exception with the program's words.</summary>
internal static class NamespaceCommand
{
    private const int KeptErrorLength = 1000;

    public static Task IpAsync(string? netnsPath, IReadOnlyList<string> commands, CancellationToken cancellationToken) =>
        RunAsync(netnsPath, ["ip", "-batch", "-"], string.Join('\n', commands) + "\n", cancellationToken);

    /// <summary>One transaction.</summary>
    public static Task NftAsync(string netnsPath, string script, CancellationToken cancellationToken) => RunAsync(netnsPath, ["nft", "-f", "-"], script, cancellationToken);

    // Null: where this process is.
    private static async Task RunAsync(string? netnsPath, string[] program, string input, CancellationToken cancellationToken)
    {
        string[] command = netnsPath is null ? program : ["nsenter", $"--net={netnsPath}", "--", .. program];
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
            await WriteAsync(process, input, cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            if (process.ExitCode != 0)
            {
                var words = (await error + await output).Trim().ReplaceLineEndings("; ");
                throw new IOException($"{program[0]}: {(words.Length > KeptErrorLength ? words[..KeptErrorLength] : words)}");
            }
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
    }

    private static async Task WriteAsync(Process process, string input, CancellationToken cancellationToken)
    {
        try
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), cancellationToken);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before it had read everything; its exit code and its words say why.
        }
    }
}
