using Trunkline.Lab.Network;
using Xunit;

namespace Trunkline.Lab.Tests.Network;

public sealed class RackPlanTests
{
    private static readonly IReadOnlyList<LabNode> s_nodes = new LabDescription("lab", 1, 6443).Nodes;

    [Fact]
    public void Each_machine_is_plugged_into_the_rack_once() =>
        Assert.Equal(
            [
                "link set lo up",
                "link add rack0 type bridge forward_delay 0",
                "link add port0 type veth peer name eth0 netns /n/control-plane-0",
                "link set port0 alias control-plane-0 master rack0 up",
                "link add port1 type veth peer name eth0 netns /n/worker-0",
                "link set port1 alias worker-0 master rack0 up",
                "link add port2 type veth peer name eth0 netns /n/external",
                "link set port2 alias external master rack0 up",
                "link set rack0 up",
            ],
            RackPlan.RackCommands(s_nodes, name => $"/n/{name}"));

    [Fact]
    public void A_machine_has_no_way_out_but_the_rack()
    {
        var commands = RackPlan.MachineCommands("192.168.126.11");

        Assert.Contains("addr add 192.168.126.11/24 dev eth0", commands);
        Assert.DoesNotContain(commands, command => command.Contains("route", StringComparison.Ordinal));
    }
}
