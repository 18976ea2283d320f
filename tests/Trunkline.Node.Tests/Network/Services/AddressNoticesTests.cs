using System.Net;
using Microsoft.Extensions.Time.Testing;
using Trunkline.Node.Network.Cluster;
using Trunkline.Node.Network.Sctp;
using Trunkline.Node.Network.Services;
using Xunit;

namespace Trunkline.Node.Tests.Network.Services;

/// <summary>Who is told of addresses that cannot pass, how often, and that a flood of forged peers blinds nobody.</summary>
public sealed class AddressNoticesTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly SctpIndex _index = new();
    private readonly AddressNotices _notices;

    public AddressNoticesTests()
    {
        _notices = new AddressNotices(_index, _time);
        Serve("sctpservice", "172.30.0.10");
        Serve("other", "172.30.0.11");
    }

    [Fact]
    public void A_peer_is_told_at_once_and_again_in_ten_minutes_with_how_often_it_was_seen()
    {
        Assert.Equal(1, Note("10.1.1.1")?.Times);
        for (var again = 0; again < 5; again++)
        {
            Assert.Null(Note("10.1.1.1"));
        }

        Assert.Equal(1, Note("10.1.1.2")?.Times);
        _time.Advance(TimeSpan.FromMinutes(11));
        var notice = Note("10.1.1.1");
        Assert.Equal(("sctpservice", 6), (notice?.Service.Name, notice?.Times));
    }

    [Fact]
    public void A_flood_of_peers_hides_nobody_of_another_Service_and_not_for_ever_of_its_own()
    {
        var told = Enumerable.Range(0, 20_000).Count(peer => Note($"10.{peer >> 16}.{(peer >> 8) & 255}.{peer & 255}") is not null);
        Assert.Equal(20, told);
        Assert.NotNull(Note("11.0.0.1", "172.30.0.11"));
        Assert.Null(Note("11.0.0.2"));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(2, Note("11.0.0.2")?.Times);
    }

    [Fact]
    public void What_is_at_no_Service_is_nobodys() => Assert.Null(Note("10.1.1.1", "172.30.0.99"));

    [Fact]
    public void A_frontend_of_two_is_the_first_ones_and_the_others_when_it_goes()
    {
        var first = Thing("a", "172.30.0.21", external: "192.168.126.230");
        var second = Thing("b", "172.30.0.22", external: "192.168.126.230");
        _index.Apply(new ServedChange("b", null, second));
        _index.Apply(new ServedChange("a", null, first));
        Assert.Equal("a", _index.ByFrontend(IPAddress.Parse("192.168.126.230"), 30102)?.Name);
        _index.Apply(new ServedChange("a", first, first));
        _index.Apply(new ServedChange("a", first, null));
        Assert.Equal("b", _index.ByFrontend(IPAddress.Parse("192.168.126.230"), 30102)?.Name);
        _index.Apply(new ServedChange("b", second, null));
        Assert.Null(_index.ByFrontend(IPAddress.Parse("192.168.126.230"), 30102));
    }

    private AddressNotice? Note(string peer, string frontend = "172.30.0.10") =>
        _notices.Note(new ListedAddresses(IPAddress.Parse(peer), 5000, IPAddress.Parse(frontend), 30102, false, ["10.9.9.9"]), (IPAddress.Parse(frontend), 30102));

    private void Serve(string name, string address) => _index.Apply(new ServedChange(name, null, Thing(name, address)));

    private static ServedThing Thing(string name, string address, string? external = null)
    {
        var service = Sample.Service with { Name = name, ClusterIps = [IPAddress.Parse(address)], ExternalIps = external is null ? [] : [IPAddress.Parse(external)] };
        return new ServedThing(service, ServiceTable.Build(new ServiceState(service, []), Sample.Node));
    }
}
