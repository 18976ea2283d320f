using System.Diagnostics;
using Xunit;

namespace Trunkline.Sctp.IntegrationTests.Support;

/// <summary>Short commands that must succeed.</summary>
internal static class Shell
{
    /// <summary>Runs lines of sh, as root in the machine's own namespaces; fails the test where one of them fails.</summary>
    public static async Task<string> DoAsync(string script)
    {
        var outcome = await TryAsync(script);
        Assert.True(outcome.ExitCode == 0, $"{script}\nended with {outcome.ExitCode}: {outcome.Error}");
        return outcome.Text;
    }

    /// <summary>Runs lines of sh, whatever comes of it.</summary>
    public static async Task<Outcome> TryAsync(string script)
    {
        var start = new ProcessStartInfo("/bin/sh")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.ArgumentList.Add("-ec");
        start.ArgumentList.Add(script);
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = new MemoryStream();
        var error = process.StandardError.ReadToEndAsync();
        await process.StandardOutput.BaseStream.CopyToAsync(output);
        await process.WaitForExitAsync();
        return new Outcome(process.ExitCode, output.ToArray(), await error);
    }
}
