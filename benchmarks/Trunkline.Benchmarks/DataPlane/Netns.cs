using System.Diagnostics;

namespace Trunkline.Benchmarks.DataPlane;

/// <summary>A network namespace of the benchmark, gone with it.</summary>
internal sealed class Netns : IAsyncDisposable
{
    private static int s_count;

    private Netns(string name) => Name = name;

    public string Name { get; }

    public string Path => $"/run/netns/{Name}";

    public static async Task<Netns> CreateAsync(string role)
    {
        var netns = new Netns($"tlbench{Environment.ProcessId}-{Interlocked.Increment(ref s_count)}-{role}");
        await RunAsync("ip", ["netns", "add", netns.Name]);
        await netns.IpAsync("link set lo up");
        return netns;
    }

    public Task IpAsync(string words) => RunAsync("ip", ["-n", Name, .. words.Split(' ')]);

    /// <summary>A script for nft, as one transaction.</summary>
    public Task NftAsync(string script) => RunAsync("ip", ["netns", "exec", Name, "nft", "-f", "-"], script);

    public Task<string> ExecuteAsync(params string[] words) => RunAsync("ip", ["netns", "exec", Name, .. words]);

    public async ValueTask DisposeAsync() => await RunAsync("ip", ["netns", "delete", Name]);

    private static async Task<string> RunAsync(string program, string[] arguments, string input = "")
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? await output : throw new IOException($"{program} {string.Join(' ', arguments)}: {await error}");
    }
}
