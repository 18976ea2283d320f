using System.Diagnostics;

namespace Trunkline.Netcat.Tests.Support;

/// <summary>Debian's ncat, the program whose words ours must be.</summary>
public static class DebianNcat
{
    public static async Task<Outcome> RunAsync(byte[]? input, params string[] arguments)
    {
        using var process = Start(arguments);
        await process.StandardInput.BaseStream.WriteAsync(input ?? []);
        process.StandardInput.Close();
        return await FinishAsync(process);
    }

    public static Process Start(params string[] arguments)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/ncat"), "Debian's ncat is not installed");
        var start = new ProcessStartInfo("/usr/bin/ncat")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }

    public static async Task<Outcome> FinishAsync(Process process)
    {
        var output = new MemoryStream();
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.StandardOutput.BaseStream.CopyToAsync(output, TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(20));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new Outcome(process.ExitCode, output.ToArray(), await error);
    }
}
