using System.Diagnostics;

namespace Trunkline.Lab.IntegrationTests.Support;

/// <summary>A program run to its end.</summary>
public sealed record Command(int ExitCode, string Output, string Error)
{
    public static async Task<Command> RunAsync(string program, IEnumerable<string> arguments, string? input = null, IDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
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

    /// <summary>The output of a program that succeeded.</summary>
    public string Succeeded => ExitCode == 0 ? Output : throw new InvalidOperationException($"exit status {ExitCode}\n{Output}\n{Error}");
}
