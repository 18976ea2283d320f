using Trunkline.Lab.Processes;
using Xunit;

namespace Trunkline.Lab.Tests.Processes;

public sealed class QuietCollectorTests
{
    [Theory]
    [InlineData(0, 100 << 20, true)]
    [InlineData(2 << 20, 100 << 20, false)] // busy
    [InlineData(0, 1 << 20, false)] // nothing to give
    public void It_is_time_when_a_burst_is_over(long sinceLook, long sinceCollection, bool due) => Assert.Equal(due, QuietCollector.IsDue(sinceLook, sinceCollection));
}
