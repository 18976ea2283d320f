using System.Globalization;
using Xunit;

namespace Trunkline.Sctp.IntegrationTests.Support;

/// <summary>tcpdump at a host's eth0, judged by tshark: not by our own decoder.</summary>
internal sealed class Capture : IAsyncDisposable
{
    private static readonly string[] _fields =
    [
        "ip.src", "ipv6.src", "sctp.verification_tag", "sctp.chunk_type", "sctp.checksum.status", "sctp.init_initiate_tag", "sctp.initack_initiate_tag",
        "_ws.malformed", "_ws.expert.severity", "sctp.data_tsn_raw", "sctp.sack_cumulative_tsn_ack_raw", "icmp.type", "icmp.code",
    ];

    private readonly Running _tcpdump;
    private readonly string _file;

    private Capture(Running tcpdump, string file) => (_tcpdump, _file) = (tcpdump, file);

    public static async Task<Capture> StartAsync(Host host, string filter = "sctp", string device = "eth0")
    {
        var file = Path.GetTempFileName();

        // In immediate mode a packet takes the whole snapshot length of the ring: tcpdump's own lengths leave room for 32.
        var tcpdump = host.Start(["tcpdump", "-i", device, "-Z", "root", "--immediate-mode", "-U", "-s", "9216", "-B", "16384", "-w", file, filter]);
        await tcpdump.SaysAsync("listening on");
        return new Capture(tcpdump, file);
    }

    /// <summary>Ends it; gives the packets that hold SCTP of their own.</summary>
    public async Task<IReadOnlyList<CapturedPacket>> StopAsync()
    {
        await Eventually.PauseAsync(50);
        await _tcpdump.SignalAsync("INT");
        Assert.Contains("\n0 packets dropped by kernel", (await _tcpdump.EndAsync()).Error, StringComparison.Ordinal);
        var text = await Shell.DoAsync(
            $"tshark -r {_file} -o sctp.checksum:CRC-32C -T fields -E separator=/t -E aggregator=, {string.Join(' ', _fields.Select(field => $"-e {field}"))} 2>/dev/null");
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Read)];
    }

    public async ValueTask DisposeAsync()
    {
        await _tcpdump.DisposeAsync();
        File.Delete(_file);
    }

    private static CapturedPacket Read(string line)
    {
        var values = line.Split('\t');
        Assert.Equal(_fields.Length, values.Length);
        var source = values[0].Length > 0 ? values[0] : values[1];
        return new CapturedPacket(
            source.Split(',')[0],
            values[2].Length == 0 ? 0 : Hexadecimal(values[2].Split(',')[0]),
            [.. values[3].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(type => int.Parse(type, CultureInfo.InvariantCulture))],
            values[4],
            values[5].Length > 0 ? Hexadecimal(values[5]) : values[6].Length > 0 ? Hexadecimal(values[6]) : 0,
            values[7].Length > 0 || values[8].Split(',').Any(severity => severity == "8388608"),
            Last(values[9]),
            Last(values[10]),
            values[11].Length > 0);
    }

    private static uint Last(string values) => values.Length == 0 ? 0 : uint.Parse(values.Split(',')[^1], CultureInfo.InvariantCulture);

    private static uint Hexadecimal(string text) => uint.Parse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
