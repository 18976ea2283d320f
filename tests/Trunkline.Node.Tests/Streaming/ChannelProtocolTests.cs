using System.Text;
using System.Text.Json.Nodes;
using Trunkline.Node.Streaming.Channels;
using Trunkline.Node.Streaming.Logs;
using Xunit;

namespace Trunkline.Node.Tests.Streaming;

public sealed class ChannelProtocolTests
{
    [Theory]
    [InlineData("v5.channel.k8s.io,v4.channel.k8s.io", "v5.channel.k8s.io")]
    [InlineData("v4.channel.k8s.io,channel.k8s.io", "v4.channel.k8s.io")]
    [InlineData("SPDY/3.1", null)]
    public void The_newest_common_protocol_is_chosen(string offered, string? chosen) => Assert.Equal(chosen, ChannelProtocol.Choose(offered.Split(',')));

    [Fact]
    public void An_exit_code_is_a_cause_of_a_failure()
    {
        var status = JsonNode.Parse(ChannelProtocol.Status(42))!;
        Assert.Equal("Failure", (string)status["status"]!);
        Assert.Equal(("ExitCode", "42"), ((string)status["details"]!["causes"]![0]!["reason"]!, (string)status["details"]!["causes"]![0]!["message"]!));
        Assert.Equal("Success", (string)JsonNode.Parse(ChannelProtocol.Status(0))!["status"]!);
    }

    [Theory]
    [InlineData("""{"Width":80,"Height":24}""", true)]
    [InlineData("""{"Width":99999,"Height":24}""", false)]
    [InlineData("""{"Width":"80"}""", false)]
    [InlineData("[]", false)]
    [InlineData("{", false)]
    [InlineData("", false)]
    public void A_size_is_read_or_nothing(string message, bool good) =>
        Assert.Equal(good, ChannelProtocol.TryReadSize(Encoding.UTF8.GetBytes(message), out _, out _));

    [Theory]
    [InlineData("2026-01-02T03:04:05.123456789Z stdout F hello there", true, "hello there")]
    [InlineData("2026-01-02T03:04:05.123456789+00:00 stderr P part", true, "part")]
    [InlineData("2026-01-02T03:04:05.123456789Z stdout F ", true, "")]
    [InlineData("2026-01-02T03:04:05.123456789Z stdout F", true, "")]
    [InlineData("2026-01-02T03:04:05.123456789Z stdin F x", false, "")]
    [InlineData("garbage", false, "")]
    [InlineData("", false, "")]
    [InlineData("x y z", false, "")]
    public void A_log_line_is_parsed_or_refused(string text, bool good, string content)
    {
        Assert.Equal(good, CriLogLine.TryParse(Encoding.UTF8.GetBytes(text), out var line));
        Assert.Equal(content, Encoding.UTF8.GetString(line.Content));
    }

    [Fact]
    public async Task A_reader_joins_parts_and_finds_the_tail()
    {
        var file = Path.GetTempFileName();
        var cancellation = TestContext.Current.CancellationToken;
        try
        {
            await File.WriteAllTextAsync(file, "2026-01-01T00:00:00.1Z stdout P one \n2026-01-01T00:00:00.2Z stdout F two\nbroken\n2026-01-01T00:00:09Z stderr F three\n", cancellation);
            Assert.Equal("one two\nthree\n", await ReadAsync(file, new LogOptions(false, false, false, null, null, null)));
            Assert.Equal("three\n", await ReadAsync(file, new LogOptions(false, false, false, 1, null, null)));
            Assert.Equal("", await ReadAsync(file, new LogOptions(false, false, false, 0, null, null)));
            Assert.Equal("three\n", await ReadAsync(file, new LogOptions(false, false, false, null, null, DateTimeOffset.Parse("2026-01-01T00:00:05Z", null))));
            Assert.Equal("2026-0", await ReadAsync(file, new LogOptions(false, false, true, null, 6, null)));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<string> ReadAsync(string file, LogOptions options)
    {
        var output = new MemoryStream();
        await new LogReader(file, options, TimeProvider.System).CopyAsync(output, () => false, TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(output.ToArray());
    }
}
