using Microsoft.Extensions.Time.Testing;
using Trunkline.NodeInit.Boot;
using Xunit;

namespace Trunkline.NodeInit.Tests.Boot;

public sealed class SupervisorTests
{
    [Fact]
    public void Pauses_grow_while_lives_are_short_up_to_the_longest()
    {
        var pauses = new List<double>();
        var pause = TimeSpan.Zero;
        for (var i = 0; i < 8; i++)
        {
            pause = Supervisor.PauseAfter(TimeSpan.FromSeconds(1), pause);
            pauses.Add(pause.TotalMilliseconds);
        }

        Assert.Equal([100, 200, 400, 800, 1600, 3000, 3000, 3000], pauses);
    }

    [Fact]
    public void A_long_life_is_forgiven() =>
        Assert.Equal(Supervisor.FirstPause, Supervisor.PauseAfter(Supervisor.LongLife, Supervisor.LongestPause));

    [Fact]
    public void The_owner_sleeps_until_the_earlier_of_two_starts()
    {
        var time = new FakeTimeProvider();
        var now = time.GetUtcNow();

        Assert.Equal(Timeout.Infinite, Supervisor.UntilNext(null, null, time));
        Assert.Equal(200, Supervisor.UntilNext(now.AddMilliseconds(200), null, time));
        Assert.Equal(100, Supervisor.UntilNext(now.AddMilliseconds(200), now.AddMilliseconds(100), time));
        Assert.Equal(100, Supervisor.UntilNext(now.AddMilliseconds(100), now.AddMilliseconds(200), time));
        Assert.Equal(0, Supervisor.UntilNext(null, now.AddMilliseconds(-5), time));
    }
}
