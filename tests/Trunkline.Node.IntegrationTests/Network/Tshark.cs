using System.Buffers.Binary;
using System.Diagnostics;
using Xunit;

namespace Trunkline.Node.IntegrationTests.Network;

/// <summary>What tshark, which shares no code with us, reads in packets.</summary>
internal static class Tshark
{
    private const uint Magic = 0xA1B2C3D4, RawIp = 101;

    /// <summary>The fields of each packet, as tshark prints them.</summary>
    public static async Task<IReadOnlyList<string[]>> ReadAsync(IEnumerable<byte[]> packets, params string[] fields)
    {
        var path = Path.Combine(Path.GetTempPath(), $"trunkline-{Guid.NewGuid():N}.pcap");
        try
        {
            await File.WriteAllBytesAsync(path, [.. Words(Magic, 0x00040002, 0, 0, 65535, RawIp), .. packets.SelectMany(packet => Words(0, 0, (uint)packet.Length, (uint)packet.Length).Concat(packet))]);
            var start = new ProcessStartInfo("tshark", ["-r", path, "-o", "sctp.checksum:CRC-32C", "-T", "fields", .. fields.SelectMany(field => new[] { "-e", field })])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(process.ExitCode == 0, await error);
            return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t'))];
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static IEnumerable<byte> Words(params uint[] words) => words.SelectMany(word =>
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, word);
        return bytes;
    });
}
