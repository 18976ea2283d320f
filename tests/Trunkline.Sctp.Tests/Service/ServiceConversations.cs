using System.Net.Sockets;
using Trunkline.Sctp.Service;

namespace Trunkline.Sctp.Tests.Service;

/// <summary>Programs, two services and what travels between them.</summary>
public sealed class ServiceConversations
{
    [Fact]
    public async Task Messages_keep_their_boundaries_streams_and_identifiers()
    {
        await using var pair = await Pair.CreateAsync();
        var large = new byte[300_000];
        new Random(1).NextBytes(large);
        async Task SendThreeAsync()
        {
            await pair.Client.SendAsync("one"u8.ToArray(), new SctpSendOptions { Stream = 3, PayloadProtocolId = 0x01020304 }, Token);
            await pair.Client.SendAsync(large, new SctpSendOptions { Stream = 1, PayloadProtocolId = 7 }, Token);
            await pair.Client.SendAsync("two"u8.ToArray(), new SctpSendOptions { Unordered = true }, Token);
        }

        var sending = SendThreeAsync();
        var first = await ReadMessageAsync(pair.Server);
        Assert.Equal((3, 0x01020304u, false, "one"), (first.Stream, first.Identifier, first.Unordered, System.Text.Encoding.UTF8.GetString(first.Bytes)));
        var second = await ReadMessageAsync(pair.Server);
        Assert.Equal((1, 7u), (second.Stream, second.Identifier));
        Assert.Equal(large, second.Bytes);
        Assert.True((await ReadMessageAsync(pair.Server)).Unordered);
        await sending;
    }

    [Fact]
    public async Task A_message_may_be_read_into_a_small_buffer()
    {
        await using var pair = await Pair.CreateAsync();
        await pair.Client.SendAsync("abcdefgh"u8.ToArray(), default, Token);
        var buffer = new byte[3];
        var ends = new List<(int, bool)>();
        do
        {
            var part = await pair.Server.ReceiveAsync(buffer, Token);
            ends.Add((part.Length, part.EndOfMessage));
        }
        while (!ends[^1].Item2);

        Assert.Equal([(3, false), (3, false), (2, true)], ends);
    }

    [Fact]
    public async Task A_reader_that_does_not_read_stops_the_writer_and_nothing_is_lost()
    {
        await using var pair = await Pair.CreateAsync();
        const int size = 20_000, count = 100;
        var sent = 0;
        async Task SendAllAsync()
        {
            for (; sent < count; sent++)
            {
                await pair.Client.SendAsync(Enumerable.Repeat((byte)sent, size).ToArray(), default, Token);
            }
        }

        var sending = SendAllAsync();
        await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, Token);
        Assert.InRange(sent, 1, 60);
        for (var i = 0; i < count; i++)
        {
            var message = await ReadMessageAsync(pair.Server);
            Assert.Equal(size, message.Bytes.Length);
            Assert.True(message.Bytes.AsSpan().IndexOfAnyExcept((byte)i) < 0);
        }

        await sending;
    }

    [Fact]
    public async Task Shutdown_and_abort_reach_the_other_program()
    {
        await using var pair = await Pair.CreateAsync();
        await pair.Client.SendAsync("last"u8.ToArray(), default, Token);
        await pair.Client.ShutdownAsync(Token);
        Assert.Equal("last"u8.ToArray(), (await ReadMessageAsync(pair.Server)).Bytes);
        Assert.True((await pair.Server.ReceiveAsync(new byte[10], Token)).EndOfStream);
        Assert.Null(await pair.Server.Ended.WaitAsync(Token));

        await using var other = await Pair.CreateAsync();
        await other.Client.AbortAsync();
        var failure = await Assert.ThrowsAsync<SctpException>(async () => await other.Server.ReceiveAsync(new byte[10], Token));
        Assert.Equal(SctpError.ConnectionReset, failure.Error);
        Assert.Equal(SctpError.ConnectionAborted, (await other.Client.Ended.WaitAsync(Token))!.Error);
    }

    [Fact]
    public async Task An_empty_message_is_invalid_and_the_association_lives()
    {
        await using var pair = await Pair.CreateAsync();
        Assert.Equal(SctpError.InvalidArgument, (await Assert.ThrowsAsync<SctpException>(async () => await pair.Client.SendAsync(default, default, Token))).Error);
        await pair.Client.SendAsync("x"u8.ToArray(), default, Token);
        Assert.Single((await ReadMessageAsync(pair.Server)).Bytes);
    }

    [Fact]
    public async Task A_client_that_asks_again_the_moment_it_has_its_reply_is_no_violation()
    {
        // It was one: the next request may be here before the write of the reply has come to its end in the service.
        await using var host = await ServedHost.StartAsync(new MemoryWire(), "10.0.0.1");
        for (var round = 0; round < 300; round++)
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Connect(new UnixDomainSocketEndPoint(host.Path));
            socket.Send([0, 0, 0, 6, 1, 0, 0, 0, 0x54, 0x52, 0x4b, 0x4c, 0, 1]);
            Assert.Equal((byte)FrameKind.Hello, ReadFrame(socket)[4]);
            for (var request = 0; request < 4; request++)
            {
                socket.Send([0, 0, 0, 7, (byte)FrameKind.Bind, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
                Assert.Equal((byte)FrameKind.Reply, ReadFrame(socket)[4]);
            }
        }

        Assert.Empty(host.Logged);
    }

    [Fact]
    public async Task Two_requests_at_once_are_a_violation_told_of_once_a_second()
    {
        await using var host = await ServedHost.StartAsync(new MemoryWire(), "10.0.0.1");
        for (var round = 0; round < 20; round++)
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Connect(new UnixDomainSocketEndPoint(host.Path));
            socket.Send(
            [
                0, 0, 0, 6, 1, 0, 0, 0, 0x54, 0x52, 0x4b, 0x4c, 0, 1, 0, 0, 0, 2, (byte)FrameKind.Listen, 0, 0, 0, 0, 1,
            ]);
            _ = ReadFrame(socket);
            _ = ReadFrame(socket);
            socket.Send([0, 0, 0, 0, (byte)FrameKind.Accept, 0, 0, 0, 0, 0, 0, 0, (byte)FrameKind.Accept, 0, 0, 0]);
            while (ReadFrame(socket).Length > 0)
            {
                // The accept that was under way is answered: its listener is closed.
            }
        }

        Assert.Contains("a request before the reply to the one before it", host.Logged, StringComparison.Ordinal);
        Assert.InRange(host.Logged.Split('\n').Length, 1, 5);
    }

    [Fact]
    public async Task A_listener_whose_program_ends_aborts_what_nobody_accepted()
    {
        var wire = new MemoryWire();
        await using var a = await ServedHost.StartAsync(wire, "10.0.0.1");
        await using var b = await ServedHost.StartAsync(wire, "10.0.0.2");
        var listener = await b.ListenAsync(7);
        var client = await a.ConnectAsync(b, 7);
        await listener.DisposeAsync();
        Assert.Equal(SctpError.ConnectionReset, (await client.Ended.WaitAsync(Token))!.Error);
        Assert.Equal(SctpError.ConnectionRefused, (await Assert.ThrowsAsync<SctpException>(() => a.ConnectAsync(b, 7))).Error);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task A_service_that_ends_is_told_to_those_who_wait()
    {
        var wire = new MemoryWire();
        var host = await ServedHost.StartAsync(wire, "10.0.0.1");
        var listener = await host.ListenAsync(7);
        var accepting = listener.AcceptAsync(Token).AsTask();
        await host.DisposeAsync();
        Assert.Equal(SctpError.ConnectionReset, (await Assert.ThrowsAsync<SctpException>(() => accepting)).Error);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static async Task<(ushort Stream, uint Identifier, bool Unordered, byte[] Bytes)> ReadMessageAsync(ServiceAssociation association)
    {
        var bytes = new List<byte>();
        var buffer = new byte[10_000];
        while (true)
        {
            var part = await association.ReceiveAsync(buffer, Token).AsTask().WaitAsync(TimeSpan.FromSeconds(10), Token);
            Assert.False(part.EndOfStream);
            bytes.AddRange(buffer.AsSpan(0, part.Length));
            if (part.EndOfMessage)
            {
                return (part.Stream, part.PayloadProtocolId, part.Unordered, [.. bytes]);
            }
        }
    }

    // Empty where the service has closed the connection.
    private static byte[] ReadFrame(Socket socket)
    {
        var frame = new byte[8];
        for (var have = 0; have < frame.Length;)
        {
            var count = socket.Receive(frame.AsSpan(have));
            if (count == 0)
            {
                return [];
            }

            have += count;
            if (have == 8)
            {
                Array.Resize(ref frame, 8 + System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(frame));
            }
        }

        return frame;
    }

    private sealed record Pair(ServedHost A, ServedHost B, ServiceListener Listener, ServiceAssociation Client, ServiceAssociation Server) : IAsyncDisposable
    {
        public static async Task<Pair> CreateAsync()
        {
            var wire = new MemoryWire();
            var a = await ServedHost.StartAsync(wire, "10.0.0.1");
            var b = await ServedHost.StartAsync(wire, "10.0.0.2");
            var listener = await b.ListenAsync(30102);
            var accepting = listener.AcceptAsync(Token);
            var client = await a.ConnectAsync(b, 30102);
            return new Pair(a, b, listener, client, (ServiceAssociation)await accepting);
        }

        public async ValueTask DisposeAsync()
        {
            await Client.DisposeAsync();
            await Server.DisposeAsync();
            await Listener.DisposeAsync();
            await A.DisposeAsync();
            await B.DisposeAsync();
        }
    }
}
