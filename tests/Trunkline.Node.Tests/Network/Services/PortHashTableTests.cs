using System.Net;
using Trunkline.Node.Network.Services;
using Xunit;

namespace Trunkline.Node.Tests.Network.Services;

public sealed class PortHashTableTests
{
    [Fact]
    public void Tables_of_both_families_lead_each_slot_to_the_same_Pod()
    {
        // IPv6 addresses in another order than IPv4's.
        var v4 = Enumerable.Range(1, 7).Select(pod => new Endpoint(IPAddress.Parse($"10.128.2.{pod}"), 30102) { Pod = Id(pod) }).ToList();
        var v6 = Enumerable.Range(1, 7).Select(pod => new Endpoint(IPAddress.Parse($"fd01::{(pod * 5 % 7) + 1}"), 30102) { Pod = Id(pod) }).ToList();
        Assert.Equal(PortHashTable.Of(v4).Select(endpoint => endpoint.Pod), PortHashTable.Of(v6).Select(endpoint => endpoint.Pod));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Slots_are_shared_evenly_whatever_the_order_and_an_endpoint_that_goes_moves_little_more_than_its_own(bool named)
    {
        var endpoints = Enumerable.Range(1, 10).Select(pod => new Endpoint(IPAddress.Parse($"10.128.2.{pod}"), 30102) { Pod = named ? Id(pod) : 0 }).ToList();
        var table = PortHashTable.Of(endpoints);
        Assert.All(table.GroupBy(endpoint => endpoint), share => Assert.InRange(share.Count(), 102, 103));
        Assert.Equal(table, PortHashTable.Of([.. endpoints.AsEnumerable().Reverse()]));

        var left = PortHashTable.Of([.. endpoints.Skip(1)]);
        var moved = table.Zip(left).Count(pair => !pair.First.Equals(endpoints[0]) && !pair.First.Equals(pair.Second));
        Assert.InRange(moved, 0, 919 / 4); // Maglev's own disturbance; a plain modulus would move nine of ten
    }

    [Fact]
    public void One_Pod_under_two_addresses_of_a_family_fills_the_table_too() => Assert.Equal(
        PortHashTable.Slots, PortHashTable.Of([.. Enumerable.Range(1, 2).Select(number => new Endpoint(IPAddress.Parse($"10.0.0.{number}"), 1) { Pod = 7 })]).Length);

    private static ulong Id(int pod) => StableHash.Of([(byte)pod, 1, 2]);
}
