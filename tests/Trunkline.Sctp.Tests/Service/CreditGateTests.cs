using Trunkline.Sctp.Service;

namespace Trunkline.Sctp.Tests.Service;

/// <summary>Credit: what may be under way.</summary>
public sealed class CreditGateTests
{
    [Fact]
    public async Task Credit_is_waited_for_taken_and_given_back()
    {
        var gate = new CreditGate();
        var waiting = gate.TakeAsync(100, TestContext.Current.CancellationToken).AsTask();
        Assert.False(waiting.IsCompleted);
        gate.Grant(60);
        Assert.Equal(60, await waiting);
        gate.Return(10);
        Assert.Equal(10, await gate.TakeAsync(100, TestContext.Current.CancellationToken));
        gate.Return(0);
        using var limit = new CancellationTokenSource(50);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await gate.TakeAsync(1, limit.Token));
        gate.Grant(5);
        Assert.Equal(3, await gate.TakeAsync(3, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void More_than_the_window_is_a_violation()
    {
        var gate = new CreditGate();
        gate.Grant(ServiceProtocol.Window);
        Assert.Throws<ProtocolViolationException>(() => gate.Grant(1));
    }
}
