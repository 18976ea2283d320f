using System.Globalization;
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
    private const string SerialComment = "; serial ";
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(200);
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
        foreach (var zone in zones)
        {
            var file = ZoneFile(zone.Name);
            var serial = NextSerial(file);
            await File.WriteAllTextAsync(file + ".new", $"{SerialComment}{serial}\n{zone.ToMasterFile(serial)}", cancellationToken);
            File.Move(file + ".new", file, overwrite: true);
        }

        await ReloadAsync(cancellationToken);
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

    // Serials grow (RFC 1982), also over the control plane's own death: the last one is read back.
    private uint NextSerial(string file)
    {
        var first = File.Exists(file) ? File.ReadLines(file).FirstOrDefault() : null;
        return first is not null && first.StartsWith(SerialComment, StringComparison.Ordinal)
            && uint.TryParse(first[SerialComment.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            ? last + 1
            : (uint)time.GetUtcNow().ToUnixTimeSeconds();
    }
}
