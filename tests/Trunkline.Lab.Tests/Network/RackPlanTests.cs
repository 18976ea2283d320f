using Trunkline.Lab.Network;
using Xunit;

namespace Trunkline.Lab.Tests.Network;

public sealed class RackPlanTests
{
    private static readonly IReadOnlyList<LabNode> s_nodes = new LabDescription("lab", 1, 6443).Nodes;

    [Fact]
    public void Each_machine_is_plugged_once_into_each_rack() =>
        Assert.Equal(
            [
                "link set lo up",
                "link add rack0 type bridge forward_delay 0 mcast_snooping 0",
                "link add port0 type veth peer name eth0 netns /n/control-plane-0",
                "link set port0 alias control-plane-0 master rack0 up",
                "link add port1 type veth peer name eth0 netns /n/worker-0",
                "link set port1 alias worker-0 master rack0 up",
                "link add port2 type veth peer name eth0 netns /n/external",
                "link set port2 alias external master rack0 up",
                "link set rack0 up",
                "link add rack1 type bridge forward_delay 0",
                "link add second0 type veth peer name eth1 netns /n/control-plane-0",
                "link set second0 alias control-plane-0 master rack1 up",
                "link add second1 type veth peer name eth1 netns /n/worker-0",
                "link set second1 alias worker-0 master rack1 up",
                "link add second2 type veth peer name eth1 netns /n/external",
                "link set second2 alias external master rack1 up",
                "link set rack1 up",
                "link add rack2 type bridge forward_delay 0",
                "link add third0 type veth peer name eth2 netns /n/control-plane-0",
                "link set third0 alias control-plane-0 master rack2 up",
                "link add third1 type veth peer name eth2 netns /n/worker-0",
                "link set third1 alias worker-0 master rack2 up",
                "link add third2 type veth peer name eth2 netns /n/external",
                "link set third2 alias external master rack2 up",
                "link set rack2 up",
            ],
            RackPlan.RackCommands(s_nodes, name => $"/n/{name}"));

    [Fact]
    public void A_node_has_no_address_on_the_secondary_racks_and_answers_nobody_there()
    {
        Assert.DoesNotContain(RackPlan.SecondaryCommands, command => command.StartsWith("addr", StringComparison.Ordinal) || command.EndsWith(" up", StringComparison.Ordinal));
        Assert.Equal(["eth1", "eth2", "br1"], RackPlan.SecondaryLinks);
        Assert.Contains(("net/ipv6/conf/br1/disable_ipv6", "1"), RackPlan.SecondarySwitches("br1"));
        Assert.Contains(("net/ipv4/conf/br1/arp_ignore", "8"), RackPlan.SecondarySwitches("br1"));
    }

    [Fact]
    public void A_machine_has_no_way_out_but_the_rack()
    {
        var commands = RackPlan.MachineCommands(["192.168.126.11", "fd00:126::11"]);

        Assert.Contains("addr add 192.168.126.11/24 dev eth0", commands);
        Assert.Contains("addr add fd00:126::11/64 dev eth0 nodad", commands);
        Assert.DoesNotContain(commands, command => command.Contains("route", StringComparison.Ordinal));
    }
}
