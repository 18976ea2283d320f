using System.Text.Json.Nodes;
using Trunkline.Lab.IntegrationTests.Support;
using Xunit;

namespace Trunkline.Lab.IntegrationTests.Guide;

/// <summary>The whole walk, as a user runs it, and its captures judged by tshark.</summary>
public sealed class GuideTests
{
    private static readonly int[] s_chunkTypes = [1, 2, 10, 11, 0, 3, 7];

    [Fact]
    public async Task Every_step_is_proven_and_tshark_agrees()
    {
        var captures = Directory.CreateTempSubdirectory("trunkline-guide-");
        var run = await RunningLab.Trunkline("guide", "--name", $"guide-{Environment.ProcessId}", "--output", "json", "--pcap", captures.FullName);
        var report = JsonNode.Parse(run.Output)!;
        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        Assert.Equal(9, report["passed"]!.GetValue<int>());
        Assert.Equal(0, report["failed"]!.GetValue<int>());
        Assert.All(report["steps"]!.AsArray(), step => Assert.NotEmpty(step!["evidence"]!.AsArray()));

        // The capture of step 4 is the first one that was taken at the server's Pod.
        var atServer = Path.Combine(captures.FullName, "pod-sctp-demo-sctpserver.pcap");
        var chunks = (await TsharkAsync(atServer, "sctp.chunk_type")).SelectMany(line => line.Split(',')).Select(int.Parse).ToHashSet();
        Assert.Superset(s_chunkTypes.ToHashSet(), chunks);

        foreach (var capture in captures.GetFiles("pod-*.pcap"))
        {
            var bad = (await TsharkAsync(capture.FullName, "sctp.checksum.status", "sctp")).Where(status => status != "1").ToList();
            Assert.True(bad.Count == 0, $"{capture.Name}: {bad.Count} packets with a bad checksum");
        }

        captures.Delete(recursive: true);
    }

    private static async Task<IEnumerable<string>> TsharkAsync(string capture, string field, string filter = "sctp")
    {
        var run = await Command.RunAsync("tshark", ["-r", capture, "-o", "sctp.checksum:CRC-32C", "-Y", filter, "-T", "fields", "-e", field]);
        return run.Succeeded.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
