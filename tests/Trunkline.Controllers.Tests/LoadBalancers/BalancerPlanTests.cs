using CsCheck;
using k8s.Models;
using Trunkline.Controllers.LoadBalancers;
using Trunkline.Controllers.Tests.Support;

namespace Trunkline.Controllers.Tests.LoadBalancers;

public class BalancerPlanTests
{
    private static readonly AddressPool[] _pools = [new("192.168.126.224/27"), new("fd00:126::e0/123")];

    [Fact]
    public void Each_family_of_a_Service_gets_the_lowest_free_address_of_its_pool() => Assert.Equal(
        ["a 192.168.126.224", "b 192.168.126.225 fd00:126::e0", "c fd00:126::e1 192.168.126.226"],
        Words([Balancer("a"), Balancer("b", s => s.Spec.IpFamilies = ["IPv4", "IPv6"]), Balancer("c", s => s.Spec.IpFamilies = ["IPv6", "IPv4"])]));

    [Fact]
    public void What_was_given_stays_though_a_lower_one_is_free() =>
        Assert.Equal(["a 192.168.126.230"], Words([Balancer("a", Given("192.168.126.230"))]));

    [Fact]
    public void An_address_asked_for_by_name_goes_before_and_nobody_else_gets_it() => Assert.Equal(
        ["a 192.168.126.225", "b 192.168.126.224"], Words([Balancer("a"), Balancer("b", s => s.Spec.LoadBalancerIP = "192.168.126.224")]));

    [Fact]
    public void Another_wish_moves_the_Service() => Assert.Equal(
        ["a 192.168.126.240"], Words([Balancer("a", s =>
        {
            Given("192.168.126.224")(s);
            s.Spec.LoadBalancerIP = "192.168.126.240";
        })]));

    [Fact]
    public void A_wish_that_cannot_be_met_is_said_and_leaves_the_Service_without() => Assert.Equal(
        [
            "a 192.168.126.224",
            "b: 192.168.126.224 belongs to Service demo/a",
            "c: 10.0.0.1 is not of 192.168.126.224/27 or fd00:126::e0/123",
        ],
        Words(
        [
            Balancer("a", Given("192.168.126.224")), Balancer("b", s => s.Spec.LoadBalancerIP = "192.168.126.224"), Balancer("c", s => s.Spec.LoadBalancerIP = "10.0.0.1"),
        ]));

    [Fact]
    public void Other_classes_other_types_and_what_is_deleted_are_left_alone() => Assert.Equal(
        ["e 192.168.126.224"],
        Words(
        [
            Balancer("a", s => s.Spec.LoadBalancerClass = "example.com/other"), Balancer("b", s => s.Spec.Type = "NodePort"),
            Balancer("c", s => s.Metadata.DeletionTimestamp = Make.Noon), Balancer("e", s => s.Spec.LoadBalancerClass = BalancerPlan.Class),
        ]));

    [Fact]
    public void What_another_still_shows_is_not_free()
    {
        var dying = Balancer("a", Given("192.168.126.224"));
        dying.Metadata.DeletionTimestamp = Make.Noon;
        var foreign = Balancer("b", Given("192.168.126.225"));
        foreign.Spec.LoadBalancerClass = "example.com/other";
        Assert.Equal(["c 192.168.126.226"], Words([dying, foreign, Balancer("c")]));
        Assert.Equal((true, false, false), (BalancerPlan.IsOver(dying), BalancerPlan.IsOver(foreign), BalancerPlan.IsOver(Balancer("c"))));
    }

    [Fact]
    public void A_wish_of_a_family_that_the_Service_has_not_is_said() => Assert.Equal(
        ["a 192.168.126.224: fd00:126::e5 is IPv6, and the Service's families are IPv4"], Words([Balancer("a", s => s.Spec.LoadBalancerIP = "fd00:126::e5")]));

    [Fact]
    public void A_family_that_goes_gives_its_address_back()
    {
        var shrunk = Balancer("a", Given("192.168.126.224", "fd00:126::e0"));
        Assert.Equal(["a 192.168.126.224", "b fd00:126::e0"], Words([shrunk, Balancer("b", s => s.Spec.IpFamilies = ["IPv6"])]));
    }

    [Fact]
    public void The_pool_has_thirty_one_IPv4_addresses_for_the_last_is_the_racks_broadcast()
    {
        var words = Words([.. Enumerable.Range(0, 32).Select(i => Balancer($"s{i:d2}"))]);
        Assert.Equal("s30 192.168.126.254", words[30]);
        Assert.Equal("s31: no address is left in 192.168.126.224/27", words[31]);
    }

    [Fact]
    public void No_address_is_given_twice_and_a_second_look_changes_nothing() =>
        Gen.Select(Gen.Int[0, 33], Gen.Int[0, 40], Gen.Int[0, 3], Gen.Bool).List[0, 40].Sample(shapes =>
        {
            var services = shapes.Select((shape, i) => Balancer($"s{i:d2}", s =>
            {
                s.Spec.IpFamilies = shape.Item3 switch { 0 => ["IPv4"], 1 => ["IPv6"], 2 => ["IPv4", "IPv6"], _ => ["IPv6", "IPv4"] };
                s.Spec.LoadBalancerIP = shape.Item2 < 32 ? $"192.168.126.{224 + shape.Item2}" : null;
                if (shape.Item4)
                {
                    Given($"192.168.126.{220 + shape.Item1}", $"fd00:126::{0xd8 + shape.Item1:x}")(s);
                }
            })).ToList();
            var first = new BalancerPlan(_pools).Decide(services);
            var all = first.SelectMany(d => d.Addresses).ToList();
            Assert.Equal(all.Count, all.Distinct().Count());
            Assert.All(all, a => Assert.Contains(_pools, p => p.Contains(a)));
            foreach (var decision in first)
            {
                Given([.. decision.Addresses.Select(a => a.ToString())])(decision.Service);
            }

            Assert.Equal(first.Select(d => string.Join(' ', d.Addresses)), new BalancerPlan(_pools).Decide(services).Select(d => string.Join(' ', d.Addresses)));
        });

    private static List<string> Words(IReadOnlyList<V1Service> services) =>
        [.. new BalancerPlan(_pools).Decide(services).Select(d => d.Service.Metadata.Name + string.Concat(d.Addresses.Select(a => $" {a}")) + (d.Problem is null ? "" : $": {d.Problem}"))];

    private static Action<V1Service> Given(params string[] addresses) => s => s.Status = new V1ServiceStatus
    {
        LoadBalancer = new V1LoadBalancerStatus { Ingress = [.. addresses.Select(a => new V1LoadBalancerIngress { Ip = a })] },
    };

    private static V1Service Balancer(string name, Action<V1Service>? with = null) => Make.Service(name, with: s =>
    {
        (s.Spec.Type, s.Spec.IpFamilies) = ("LoadBalancer", ["IPv4"]);
        with?.Invoke(s);
    });
}
