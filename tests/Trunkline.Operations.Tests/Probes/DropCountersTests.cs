using Trunkline.Operations.Probes;
using Xunit;

namespace Trunkline.Operations.Tests.Probes;

public sealed class DropCountersTests
{
    // As nft 1.0.6 prints a dynamic set with counters.
    private const string Listed = """
        {"nftables": [{"metainfo": {"version": "1.0.6"}}, {"set": {"family": "inet", "name": "dropped", "table": "trunkline", "elem": [
          {"elem": {"val": {"concat": ["10.128.4.3", "10.128.2.2", "sctp", 30102]}, "expires": 55, "counter": {"packets": 3, "bytes": 180}}},
          {"elem": {"val": {"concat": ["10.128.4.3", "10.128.2.2", "tcp", 30102]}, "counter": {"packets": 9, "bytes": 1}}},
          {"elem": {"val": {"concat": ["10.128.4.4", "10.128.2.2", "sctp", 30102]}, "counter": {"packets": 1, "bytes": 1}}}]}}]}
        """;

    [Fact]
    public void Only_the_asked_flow_is_counted()
    {
        var counters = DropCounters.Parse(Listed);

        Assert.Equal(3, counters.Packets("10.128.4.3", "10.128.2.2", "sctp", 30102));
        Assert.Equal(1, counters.Packets("10.128.4.4", "10.128.2.2", "sctp", 30102));
    }

    [Fact]
    public void A_set_without_elements_counts_nothing() =>
        Assert.Equal(0, DropCounters.Parse("""{"nftables": [{"set": {"name": "dropped"}}]}""").Packets("10.128.2.3", "10.128.2.2", "sctp", 30102));
}
