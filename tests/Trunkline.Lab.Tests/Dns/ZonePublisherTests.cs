using System.Globalization;
using Trunkline.Controllers.Dns;
using Trunkline.Lab.Dns;
using Xunit;

namespace Trunkline.Lab.Tests.Dns;

/// <summary>Zones on their way to a server: files, serial numbers, and whether it has taken them.</summary>
public sealed class ZonePublisherTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("zones").FullName;
    private readonly Clock _clock = new();
    private int _reloads;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Serials_grow_over_a_new_publisher_and_the_server_is_told()
    {
        await PublishAsync(Written);
        var first = await Written("a.zone", TestContext.Current.CancellationToken);
        await PublishAsync(Written); // another object, as after the control plane's death: the clock stands still, the number grows
        Assert.Equal(first + 1, await Written("a.zone", TestContext.Current.CancellationToken));
        Assert.Equal(first + 1, await Written("", TestContext.Current.CancellationToken));
        Assert.Equal(2, _reloads);
        Assert.Equal(["a.zone.zone", "root.zone"], Directory.GetFiles(_directory).Select(Path.GetFileName).Order()); // nothing half written is left
        Assert.Contains("n.a.zone. A 10.0.0.1", await File.ReadAllTextAsync(File_("a.zone"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_takes_a_zone_later_is_waited_for()
    {
        var asked = 0;
        await PublishAsync(async (zone, cancel) => ++asked > 3 ? await Written(zone, cancel) : asked == 1 ? null : 7u);
        Assert.True(asked > 4);
    }

    [Theory]
    [InlineData(7u, "it answers from serial 7")]
    [InlineData(null, "it does not answer for it")]
    public async Task A_server_that_does_not_take_it_is_told_with_the_zone(uint? has, string words)
    {
        var failure = await Assert.ThrowsAsync<IOException>(() => PublishAsync((_, _) => Task.FromResult(has)));
        Assert.Contains("has not taken zone a.zone.", failure.Message, StringComparison.Ordinal);
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_serial_is_read_from_its_answer_and_from_nothing_else()
    {
        var question = SoaQuestion.Write("cluster.local", 0x1234);
        byte[] answer = [.. question, 0xC0, 0x0C, 0, 6, 0, 1, 0, 0, 0, 5, 0, 24, 0xC0, 0x0C, 0xC0, 0x0C, 0, 1, 0, 2, .. new byte[16]];
        (answer[2], answer[7]) = (0x84, 1);
        Assert.Equal(0x10002u, SoaQuestion.Serial(answer, question));
        for (var length = 0; length < answer.Length; length++)
        {
            Assert.Null(SoaQuestion.Serial(answer.AsSpan(0, length), question));
        }

        Assert.Null(SoaQuestion.Serial(answer, SoaQuestion.Write("cluster.local", 0x1235)));
        Assert.Null(SoaQuestion.Serial(answer, SoaQuestion.Write("cluster.nowhere", 0x1234)));
        answer[3] = 2;
        Assert.Null(SoaQuestion.Serial(answer, question)); // SERVFAIL
        var random = new Random(1);
        for (var i = 0; i < 10_000; i++)
        {
            answer[random.Next(answer.Length)] = (byte)random.Next(256);
            _ = SoaQuestion.Serial(answer, question);
        }
    }

    private Task PublishAsync(Func<string, CancellationToken, Task<uint?>> serialOf) => new ZonePublisher(File_, _ =>
    {
        _reloads++;
        return Task.CompletedTask;
    }, serialOf, _clock).PublishAsync(
        [new DnsZone("a.zone", "ns.a.zone.", "host.a.zone.", [new DnsRecord("n.a.zone.", "A", "10.0.0.1")]), new DnsZone("", "ns.a.zone.", "host.a.zone.", [])],
        TestContext.Current.CancellationToken);

    private string File_(string zone) => Path.Join(_directory, KnotConfiguration.FileOf(zone));

    // The server as it should be: it answers by what is in the file's SOA record.
    private async Task<uint?> Written(string zone, CancellationToken cancel) =>
        uint.Parse((await File.ReadAllLinesAsync(File_(zone), cancel)).Single(line => line.Contains(" SOA ", StringComparison.Ordinal)).Split(' ')[4], CultureInfo.InvariantCulture);

    /// <summary>A clock on which all pauses pass at once.</summary>
    private sealed class Clock : TimeProvider
    {
        private long _passed;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddYears(50);

        public override long GetTimestamp() => _passed;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _passed += dueTime.Ticks;
            return System.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }
}
