using System.Diagnostics;

namespace Trunkline.Lab.IntegrationTests.Support;

/// <summary>A program run to its end.</summary>
public sealed record Command(int ExitCode, string Output, string Error)
{
    public static async Task<Command> RunAsync(string program, IEnumerable<string> arguments, string? input = null, string? binaryOutput = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var output = binaryOutput is null ? process.StandardOutput.ReadToEndAsync() : SaveAsync(process.StandardOutput.BaseStream, binaryOutput);
        var error = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input ?? "");
        process.StandardInput.Close();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not end");
        }

        return new Command(process.ExitCode, await output, await error);
    }

    private static async Task<string> SaveAsync(Stream output, string path)
    {
        await using var file = File.Create(path);
        await output.CopyToAsync(file);
        return path;
    }

    /// <summary>The output of a program that succeeded.</summary>
    public string Succeeded => ExitCode == 0 ? Output : throw new InvalidOperationException($"exit status {ExitCode}\n{Output}\n{Error}");
}
