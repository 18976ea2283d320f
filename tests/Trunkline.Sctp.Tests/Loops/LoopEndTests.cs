using System.Net;
using Trunkline.Sctp.Endpoint;
using Trunkline.Sctp.Loops;
using Trunkline.Sctp.Tests.Service;
using Trunkline.Sctp.Transports;

namespace Trunkline.Sctp.Tests.Loops;

/// <summary>A loop that ends, told to or not: whoever waits hears of it, whoever comes later too, and nobody waits for ever.</summary>
public sealed class LoopEndTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Everybody_who_waits_and_everybody_who_comes_later_is_told(bool defect)
    {
        var wire = new MemoryWire();
        var broken = new BreakableTransport(wire.Host("10.0.0.1"));
        using var loop = new EndpointLoop(broken, new EndpointOptions(), TimeProvider.System);
        using var peer = new EndpointLoop(wire.Host("10.0.0.2"), new EndpointOptions(), TimeProvider.System);
        await Task.WhenAll(loop.StartAsync(), peer.StartAsync());
        var listener = await peer.ListenAsync(null, 7, ListenOptions.Default);
        var idle = await loop.ListenAsync(null, 8, ListenOptions.Default);
        var association = await loop.ConnectAsync(new IPEndPoint(IPAddress.Any, 0), new IPEndPoint(IPAddress.Parse("10.0.0.2"), 7), AssociationOptions.Default, Token);
        var there = await listener.AcceptAsync(Token);
        var accepting = idle.AcceptAsync(Token);
        var reading = association.ReceiveAsync(new byte[10], Token);
        if (defect)
        {
            broken.Break();
            Assert.IsType<InvalidOperationException>(await loop.Ended.WaitAsync(_patience, Token));
        }
        else
        {
            loop.Dispose();
            Assert.Null(await loop.Ended.WaitAsync(_patience, Token));
        }

        await FailsAsync(accepting);
        await FailsAsync(reading);
        Assert.NotNull(await association.Ended.WaitAsync(_patience, Token));
        await FailsAsync(association.ReceiveAsync(new byte[10], Token));
        await FailsAsync(association.SendAsync(0, 0, SendModes.None, new byte[1]));
        await FailsAsync(association.GetInfoAsync());
        await FailsAsync(loop.ListenAsync(null, 9, ListenOptions.Default));

        // The other loop is nobody's hostage.
        Assert.Equal(AssociationState.Established, (await there.GetInfoAsync()).State);
    }

    [Fact]
    public async Task A_read_that_is_cancelled_after_the_end_ends()
    {
        var loop = new EndpointLoop(new MemoryWire().Host("10.0.0.1"), new EndpointOptions(), TimeProvider.System);
        await loop.StartAsync();
        var association = new LoopAssociation(loop, default);
        using var cancellation = new CancellationTokenSource();
        var reading = association.ReceiveAsync(new byte[1], cancellation.Token);
        loop.Dispose();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => reading.WaitAsync(_patience, Token));
        Assert.True(reading.IsCompleted);
    }

    private static async Task FailsAsync(Task task)
    {
        var failure = await Assert.ThrowsAsync<SctpException>(() => task.WaitAsync(_patience, Token));
        Assert.Equal(SctpError.NetworkDown, failure.Error);
    }

    private sealed class BreakableTransport(IPacketTransport inner) : IPacketTransport
    {
        private volatile bool _broken;

        public string Name => inner.Name;

        public void Break()
        {
            _broken = true;
            inner.Wake();
        }

        public void Open() => inner.Open();

        public bool Receive(SctpEndpoint endpoint, long now) => _broken ? throw new InvalidOperationException("a defect") : inner.Receive(endpoint, now);

        public void Send(DatagramBatch batch, SctpEndpoint endpoint, long now) => inner.Send(batch, endpoint, now);

        public void Wait(int milliseconds) => inner.Wait(milliseconds);

        public void Wake() => inner.Wake();

        public SctpAddress SelectSource(SctpAddress destination) => inner.SelectSource(destination);

        public bool IsLocal(SctpAddress address) => inner.IsLocal(address);

        public void Dispose() => inner.Dispose();
    }
}
