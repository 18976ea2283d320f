using Microsoft.Extensions.Time.Testing;
using Trunkline.Node.Network.Sctp;
using Xunit;

namespace Trunkline.Node.Tests.Network.Services;

public sealed class TokenBucketTests
{
    [Fact]
    public void So_many_at_once_so_many_a_second_and_no_more_for_having_waited_long()
    {
        var time = new FakeTimeProvider();
        var bucket = new TokenBucket(10, 20, time);
        Assert.Equal(20, Taken());
        time.Advance(TimeSpan.FromMilliseconds(250));
        Assert.Equal(2, Taken());
        time.Advance(TimeSpan.FromMilliseconds(50));
        Assert.Equal(1, Taken());
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(20, Taken());

        int Taken() => Enumerable.Range(0, 1000).Count(_ => bucket.TryTake());
    }
}
