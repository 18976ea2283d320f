using System.Diagnostics;
using System.Text.Json;

namespace Trunkline.Lab.IntegrationTests.Support;

/// <summary>The lab's host outside the cluster, with an SCTP service of its own: the machine's kernel has none.</summary>
internal sealed class OutsideHost : IAsyncDisposable
{
    private readonly RunningLab _lab;
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("it-outside-");
    private readonly Process _sctp;

    private OutsideHost(RunningLab lab)
    {
        _lab = lab;
        var registry = _directory.CreateSubdirectory("namespaces").FullName;
        File.WriteAllText(Path.Combine(registry, "host.json"), JsonSerializer.Serialize(new
        {
            id = "host",
            netns = lab.Handle.NetworkNamespacePath(LabHandle.External),
            directory = _directory.CreateSubdirectory("host").FullName,
            addresses = new[] { LabHandle.ExternalAddress, LabHandle.ExternalAddress6 },
        }));
        _sctp = Process.Start(new ProcessStartInfo(Program("trunkline-sctp"), ["--registry", registry, "--log", Path.Combine(_directory.FullName, "log")]))!;
    }

    private string Socket => Path.Combine(_directory.FullName, "host", "sctp.sock");

    public static async Task<OutsideHost> StartAsync(RunningLab lab)
    {
        var host = new OutsideHost(lab);
        await Wait.UntilAsync("SCTP outside", () => File.Exists(host.Socket));
        return host;
    }

    public async Task<Command> ShellAsync(string script)
    {
        var result = await _lab.Handle.RunAsync(LabHandle.External,
            ["env", $"TRUNKLINE_SCTP_SOCKET={Socket}", $"PATH={Path.GetDirectoryName(Program("nc"))}:/usr/sbin:/usr/bin:/sbin:/bin", "sh", "-c", script]);
        return new Command(result.ExitCode, result.Output, result.Error);
    }

    public async ValueTask DisposeAsync()
    {
        _sctp.Kill();
        await _sctp.WaitForExitAsync();
        _sctp.Dispose();
        _directory.Delete(recursive: true);
    }

    private static string Program(string name) => Path.Combine(Repository.Root, ".build", "bin", name);
}
