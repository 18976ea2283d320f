using System.Buffers.Binary;
using Trunkline.Sctp.Service;

namespace Trunkline.Sctp.Tests.Service;

/// <summary>Frames over a stream that keeps no boundaries.</summary>
public sealed class FrameConnectionTests
{
    private static readonly byte[] _three = [.. Frame(1, [1, 2, 3]), .. Frame(33, []), .. Frame(200, [9, 8, 7, 6, 5])];

    [Fact]
    public async Task Frames_are_whole_wherever_the_stream_breaks()
    {
        for (var at = 0; at <= _three.Length; at++)
        {
            using var pair = SocketPair.Create();
            using var frames = new FrameConnection(pair.Right);
            pair.Left.Send(_three.AsSpan(0, at));
            var reading = ReadThreeAsync(frames);
            pair.Left.Send(_three.AsSpan(at));
            Assert.Equal("1:010203 33: 200:0908070605", await reading);
        }
    }

    [Fact]
    public async Task Frames_may_come_byte_by_byte()
    {
        using var pair = SocketPair.Create();
        using var frames = new FrameConnection(pair.Right);
        var reading = ReadThreeAsync(frames);
        foreach (var value in _three)
        {
            pair.Left.Send([value]);
            await Task.Yield();
        }

        Assert.Equal("1:010203 33: 200:0908070605", await reading);
    }

    [Fact]
    public async Task An_end_between_frames_is_an_end_and_an_end_inside_one_a_violation()
    {
        for (var at = 0; at < 11; at++)
        {
            using var pair = SocketPair.Create();
            using var frames = new FrameConnection(pair.Right);
            pair.Left.Send(_three.AsSpan(0, at));
            pair.Left.Dispose();
            if (at == 0)
            {
                Assert.Null(await frames.ReadAsync(TestContext.Current.CancellationToken));
            }
            else
            {
                await Assert.ThrowsAsync<ProtocolViolationException>(async () => await frames.ReadAsync(TestContext.Current.CancellationToken));
            }
        }
    }

    [Theory]
    [InlineData(0u, true)]
    [InlineData((uint)ServiceProtocol.MaxBody, true)]
    [InlineData((uint)ServiceProtocol.MaxBody + 1, false)]
    [InlineData(0x7fffffffu, false)]
    [InlineData(0x80000000u, false)]
    [InlineData(0xffffffffu, false)]
    public async Task A_length_is_judged_before_any_memory_is_taken(uint length, bool good)
    {
        using var pair = SocketPair.Create();
        using var frames = new FrameConnection(pair.Right);
        var header = new byte[8];
        BinaryPrimitives.WriteUInt32BigEndian(header, length);
        pair.Left.Send(header);
        if (!good)
        {
            await Assert.ThrowsAsync<ProtocolViolationException>(() =>
                frames.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken));
            return;
        }

        var reading = frames.ReadAsync(TestContext.Current.CancellationToken);
        pair.Left.Send(new byte[length]);
        Assert.Equal((int)length, (await reading)!.Value.Body.Length);
    }

    [Fact]
    public async Task Random_streams_give_frames_or_a_violation_and_nothing_else()
    {
        var seed = Environment.TickCount;
        TestContext.Current.SendDiagnosticMessage("{0}", $"seed {seed}");
        var random = new Random(seed);
        for (var round = 0; round < 300; round++)
        {
            using var pair = SocketPair.Create();
            using var frames = new FrameConnection(pair.Right);
            var bytes = new byte[random.Next(400)];
            random.NextBytes(bytes);
            for (var at = 0; at < bytes.Length && random.Next(4) > 0; at += 30)
            {
                // Lengths that could be.
                bytes[at] = bytes[Math.Min(at + 1, bytes.Length - 1)] = 0;
            }

            pair.Left.Send(bytes);
            pair.Left.Dispose();
            try
            {
                while (await frames.ReadAsync(TestContext.Current.CancellationToken) is not null)
                {
                }
            }
            catch (ProtocolViolationException violation)
            {
                Assert.NotEmpty(violation.Message);
            }
        }
    }

    [Fact]
    public async Task Frames_of_several_writers_do_not_mix()
    {
        using var pair = SocketPair.Create();
        using var writer = new FrameConnection(pair.Left);
        using var reader = new FrameConnection(pair.Right);
        var writing = Task.WhenAll(Enumerable.Range(1, 8).Select(async kind =>
        {
            for (var i = 0; i < 50; i++)
            {
                await writer.WriteAsync(w => w.Start((FrameKind)kind).Bytes(Enumerable.Repeat((byte)kind, 3000).ToArray()), TestContext.Current.CancellationToken);
            }
        }));
        for (var i = 0; i < 400; i++)
        {
            var frame = (await reader.ReadAsync(TestContext.Current.CancellationToken))!.Value;
            Assert.Equal(3000, frame.Body.Length);
            Assert.True(frame.Body.Span.IndexOfAnyExcept((byte)frame.Kind) < 0);
        }

        await writing;
    }

    private static byte[] Frame(byte kind, byte[] body)
    {
        var frame = new byte[8 + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, body.Length);
        frame[4] = kind;
        body.CopyTo(frame, 8);
        return frame;
    }

    private static async Task<string> ReadThreeAsync(FrameConnection frames)
    {
        var told = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            var frame = (await frames.ReadAsync(TestContext.Current.CancellationToken))!.Value;
            told.Add($"{(int)frame.Kind}:{Convert.ToHexString(frame.Body.Span)}");
        }

        return string.Join(' ', told);
    }
}
