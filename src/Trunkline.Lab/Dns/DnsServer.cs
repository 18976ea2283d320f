using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Trunkline.Controllers.Dns;
using Trunkline.Lab.Linux;
using Trunkline.Lab.Processes;

namespace Trunkline.Lab.Dns;

/// <summary>
/// The cluster's DNS server, a process of the lab in the control-plane node's network: kept alive by the control plane, but a process of its own that goes on answering
/// while the control plane is dead. Records reach it as zone files, each written whole, and a signal.
/// </summary>
internal sealed class DnsServer(LabPaths paths, LabDescription lab, BuildDirectory build, TimeProvider time, ILogger<DnsServer> logger) : IRecordSink
{
    /// <summary>Its name among the lab's processes.</summary>
    public const string Process = "dns";

    private const int Port = 53;
    private const int SigHup = 1;
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_answer = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_soon = TimeSpan.FromMilliseconds(5);
    private static readonly string[] s_zones = [ClusterDnsOptions.DefaultDomain, ""];
    private readonly Daemons _daemons = new(paths, new Cgroups(paths.Cgroup));

    /// <summary>Starts the server unless it runs already, and again whenever it has died.</summary>
    public async Task KeepAsync(CancellationToken cancel)
    {
        await WriteConfigurationAsync(cancel);
        while (!cancel.IsCancellationRequested)
        {
            // Without its zones it would answer that it failed; with none of it there a resolver just asks again.
            if (s_zones.All(zone => File.Exists(ZoneFile(zone))) && _daemons.Find(Process, Process) is null)
            {
                await Task.Run(() => _daemons.Start(Process, KnotConfiguration.Command(paths.Netns(lab.ControlPlane.Name), build.DnsRoot, paths.Dns)), cancel);
                DnsLog.Started(logger);
            }

            await Task.Delay(s_look, time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <inheritdoc/>
    public async Task PublishAsync(IReadOnlyList<DnsZone> zones, CancellationToken cancellationToken)
    {
        await new ZonePublisher(ZoneFile, ReloadAsync, SerialAsync, time).PublishAsync(zones, cancellationToken);
        foreach (var zone in zones)
        {
            DnsLog.Published(logger, zone.Name, zone.Records.Count);
        }
    }

    // A server that is not up yet reads the files by itself. Before it has its handler the signal would end it: the kernel says when it has one.
    private async Task ReloadAsync(CancellationToken cancel)
    {
        while (_daemons.Find(Process, Process) is { } pid)
        {
            if (ProcessTable.Catches(pid, SigHup))
            {
                _ = Libc.Kill(pid, SigHup); // it may have ended meanwhile; the next one reads the new files
                return;
            }

            await Task.Delay(s_soon, time, cancel);
        }
    }

    private string ZoneFile(string zone) => Path.Join(paths.Dns, KnotConfiguration.FileOf(zone));

    private async Task WriteConfigurationAsync(CancellationToken cancel)
    {
        Directory.CreateDirectory(paths.Dns);
        File.SetUnixFileMode(paths.Dns, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead
            | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        await File.WriteAllTextAsync(Path.Join(paths.Dns, "knot.conf"), KnotConfiguration.Text(s_zones, Port), cancel);
    }

    private async Task<uint?> SerialAsync(string zone, CancellationToken cancel)
    {
        using var socket = NetworkNamespace.Run(paths.Netns(lab.ControlPlane.Name), () => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(s_answer);
        var question = SoaQuestion.Write(zone, (ushort)Random.Shared.Next(ushort.MaxValue));
        var answer = new byte[512];
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, Port, limit.Token);
            await socket.SendAsync(question, limit.Token);
            return SoaQuestion.Serial(answer.AsSpan(0, await socket.ReceiveAsync(answer, limit.Token)), question);
        }
        catch (Exception none) when (none is SocketException || (none is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return null; // it is not up (yet)
        }
    }
}
