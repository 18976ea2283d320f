using System.Diagnostics;
using Trunkline.Lab;
using Trunkline.Operations.Machines;

namespace Trunkline.Cli.Guide;

/// <summary>The machines of a lab. Its outside host gets SCTP of its own, as a host with the module loaded has.</summary>
internal sealed class LabMachines : IMachines, IAsyncDisposable
{
    private readonly LabHandle _lab;
    private readonly BuildDirectory _build;
    private readonly DirectoryInfo _directory;
    private readonly Process _sctp;

    private LabMachines(LabHandle lab, BuildDirectory build, DirectoryInfo directory, Process sctp) =>
        (_lab, _build, _directory, _sctp) = (lab, build, directory, sctp);

    public string ExternalAddress => LabHandle.ExternalAddress;

    private string SctpSocket => Path.Combine(_directory.FullName, "host", "sctp.sock");

    /// <summary>Starts the outside host's SCTP.</summary>
    public static async Task<LabMachines> StartAsync(LabHandle lab, BuildDirectory build, CancellationToken cancel)
    {
        var directory = Directory.CreateTempSubdirectory("trunkline-external-");
        var registry = directory.CreateSubdirectory("namespaces");
        var host = directory.CreateSubdirectory("host");
        var entry = System.Text.Json.JsonSerializer.Serialize(new
        {
            id = "host",
            netns = lab.NetworkNamespacePath(LabHandle.External),
            directory = host.FullName,
            addresses = new[] { LabHandle.ExternalAddress },
        });
        await File.WriteAllTextAsync(Path.Combine(registry.FullName, "host.json"), entry, cancel);
        var start = new ProcessStartInfo(build.Sctp, ["--registry", registry.FullName, "--log", Path.Combine(directory.FullName, "log")]);
        var machines = new LabMachines(lab, build, directory, Process.Start(start)!);
        await machines.WaitForSocketAsync(cancel);
        return machines;
    }

    public Task<MachineProcess> StartAsync(string machine, IReadOnlyList<string> command, Stream? output)
    {
        IReadOnlyList<string> full = machine == LabHandle.External
            ? ["env", $"TRUNKLINE_SCTP_SOCKET={SctpSocket}", $"PATH={Path.GetDirectoryName(_build.Sctp)}:/usr/sbin:/usr/bin:/sbin:/bin", .. command]
            : command;
        return Task.FromResult(new MachineProcess(_lab.Start(machine, full), output));
    }

    public Task<IReadOnlySet<string>> ProcessesAsync(string machine) => Task.FromResult(_lab.ProcessIdentities(machine));

    public async ValueTask DisposeAsync()
    {
        _sctp.Kill();
        await _sctp.WaitForExitAsync();
        _sctp.Dispose();
        _directory.Delete(recursive: true);
    }

    private async Task WaitForSocketAsync(CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(10));
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!File.Exists(SctpSocket))
        {
            if (_sctp.HasExited)
            {
                throw new LabException($"{_build.Sctp} ended with {_sctp.ExitCode} for the host outside the cluster.", LabFailure.Machine);
            }

            await tick.WaitForNextTickAsync(limit.Token);
        }
    }
}
