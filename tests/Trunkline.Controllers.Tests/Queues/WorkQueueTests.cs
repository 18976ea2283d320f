using Microsoft.Extensions.Time.Testing;
using Trunkline.Controllers.Client;
using Trunkline.Controllers.Queues;

namespace Trunkline.Controllers.Tests.Queues;

public class WorkQueueTests
{
    private static readonly ObjectKey _a = new("", "a");
    private static readonly ObjectKey _b = new("", "b");

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task A_key_waits_once_however_often_it_is_added()
    {
        using var queue = Queue();
        queue.Add(_a);
        queue.Add(_b);
        queue.Add(_a);
        Assert.Equal(2, queue.Count);
        Assert.Equal(_a, await queue.TakeAsync(TestContext.Current.CancellationToken));
        Assert.Equal(_b, await queue.TakeAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_key_added_while_worked_on_comes_again_only_when_that_is_done()
    {
        using var queue = Queue();
        queue.Add(_a);
        await queue.TakeAsync(TestContext.Current.CancellationToken);
        queue.Add(_a);
        Assert.Equal(0, queue.Count);
        queue.Done(_a);
        Assert.Equal(1, queue.Count);
    }

    [Fact]
    public void Of_two_delays_the_earlier_counts()
    {
        using var queue = Queue();
        queue.AddAfter(_a, TimeSpan.FromSeconds(5));
        queue.AddAfter(_a, TimeSpan.FromSeconds(1));
        queue.AddAfter(_a, TimeSpan.FromSeconds(9));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, queue.Count);
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(1, queue.Count);
    }

    [Fact]
    public async Task Failures_wait_longer_each_time_until_forgotten()
    {
        using var queue = Queue();
        foreach (var pause in new[] { 5, 10, 20, 40, 40 })
        {
            queue.AddRateLimited(_a);
            _time.Advance(TimeSpan.FromMilliseconds(pause - 1));
            Assert.Equal(0, queue.Count);
            _time.Advance(TimeSpan.FromMilliseconds(1));
            Assert.Equal(1, queue.Count);
            queue.Done(await queue.TakeAsync(TestContext.Current.CancellationToken));
        }

        queue.Forget(_a);
        queue.AddRateLimited(_a);
        _time.Advance(TimeSpan.FromMilliseconds(5));
        Assert.Equal(1, queue.Count);
    }

    private WorkQueue Queue() => new(_time, new Backoff(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(40)));
}
