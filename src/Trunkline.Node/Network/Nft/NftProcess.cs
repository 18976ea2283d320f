using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Trunkline.Node.Network.Nft;

/// <summary>
/// libnftables in a child process a transaction: the library ends its process on some netlink errors (nft_ctx_new calls exit(3)), which must not be the agent's.
/// A child costs about 10 ms, and nothing while nothing changes. Elements, which are what changes nearly always, go the short way (<see cref="ElementSocket"/>).
/// </summary>
/// <param name="command">What starts nft (a test enters a namespace first).</param>
/// <param name="elements">The short way for elements, of the same namespace.</param>
/// <param name="time">Clock of its patience.</param>
internal sealed class NftProcess(IReadOnlyList<string> command, ElementSocket elements, TimeProvider time) : INftables
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private const int KeptErrorLength = 2000;

    public async Task ApplyAsync(string script, CancellationToken cancellationToken)
    {
        var (code, _, error) = await RunAsync(["-f", "-"], script, cancellationToken);
        if (code != 0)
        {
            throw new NftException($"nft: {Shorten(error)}");
        }
    }

    public void Commit(IReadOnlyList<SetChange> changes, uint generation) => elements.Commit(changes, generation);

    public uint Generation() => elements.Generation();

    public async Task<IReadOnlyList<ExistingObject>> ListAsync(CancellationToken cancellationToken)
    {
        var (code, output, error) = await RunAsync(["-j", "-t", "list", "table", "inet", "trunkline"], "", cancellationToken);
        if (code == 0)
        {
            return ExistingObject.Parse(output);
        }

        return error.Contains("No such file or directory", StringComparison.Ordinal) ? [] : throw new NftException($"nft list: {Shorten(error)}");
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(string[] arguments, string input, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        var start = new ProcessStartInfo(command[0], [.. command.Skip(1), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
        };
        using var process = Start(start);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(either.Token);
            var error = process.StandardError.ReadToEndAsync(either.Token);
            await WriteAsync(process, input, either.Token);
            await process.WaitForExitAsync(either.Token);
            return (process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            cancellationToken.ThrowIfCancellationRequested();
            throw new NftException($"nft did not end within {Patience.TotalSeconds} s");
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception exception)
        {
            throw new NftException("nft cannot be started; install the package nftables", exception);
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

    private static string Shorten(string text) => text.Length <= KeptErrorLength ? text.Trim() : text[..KeptErrorLength];
}
