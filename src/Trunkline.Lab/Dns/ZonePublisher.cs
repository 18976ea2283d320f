using System.Globalization;
using Trunkline.Controllers.Dns;

namespace Trunkline.Lab.Dns;

/// <summary>Brings zones to a server: each as a file, written whole, then a signal, and then the server is asked whether it answers from them.</summary>
/// <param name="fileOf">The path of a zone's file.</param>
/// <param name="reload">Makes the server read its files again, if it runs.</param>
/// <param name="serialOf">The serial number by which the server answers for a zone; null where it does not answer.</param>
/// <param name="time">Clock of serial numbers and of waiting.</param>
internal sealed class ZonePublisher(Func<string, string> fileOf, Func<CancellationToken, Task> reload, Func<string, CancellationToken, Task<uint?>> serialOf, TimeProvider time)
{
    private const string SerialComment = "; serial ";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_soon = TimeSpan.FromMilliseconds(2), s_later = TimeSpan.FromMilliseconds(100);

    public async Task PublishAsync(IReadOnlyList<DnsZone> zones, CancellationToken cancel)
    {
        var serials = new List<uint>();
        foreach (var zone in zones)
        {
            var file = fileOf(zone.Name);
            var serial = NextSerial(file);
            await File.WriteAllTextAsync(file + ".new", $"{SerialComment}{serial}\n{zone.ToMasterFile(serial)}", cancel);
            File.Move(file + ".new", file, overwrite: true);
            serials.Add(serial);
        }

        await reload(cancel);
        foreach (var (zone, serial) in zones.Zip(serials))
        {
            await TakenAsync(zone, serial, cancel);
        }
    }

    private async Task TakenAsync(DnsZone zone, uint serial, CancellationToken cancel)
    {
        var started = time.GetTimestamp();
        var pause = s_soon;
        while (await serialOf(zone.Name, cancel) is var has && has != serial)
        {
            if (time.GetElapsedTime(started) > s_patience)
            {
                throw new IOException($"the DNS server has not taken zone {zone.Name}. (serial {serial}, {zone.Records.Count} records): "
                    + (has is null ? "it does not answer for it" : $"it answers from serial {has}") + "; its words are in dns.log");
            }

            await Task.Delay(pause, time, cancel);
            pause = pause * 2 < s_later ? pause * 2 : s_later;
        }
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
