using Trunkline.NodeInit.Root;
using Xunit;

namespace Trunkline.NodeInit.Tests.Root;

public sealed class MachineMountsTests
{
    private static readonly string[] s_mountInfo =
    [
        "22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw",
        "23 22 0:21 / /proc rw - proc proc rw",
        "24 22 254:1 / /usr rw shared:2 - ext4 /dev/vdb rw",
        "25 22 254:2 / /var rw - ext4 /dev/vdc rw",
        "26 25 254:3 / /var/lib/trunkline rw - ext4 /dev/vdd rw",
        "27 22 0:30 / /run rw - tmpfs tmpfs rw",
        "28 27 0:4 net:[4026532201] /run/trunkline/labs/other/netns/rack rw - nsfs nsfs rw",
        "29 22 254:4 / /home rw - ext4 /dev/vde rw",
        "30 22 254:5 / /work\\040of\\040mine rw - ext4 /dev/vdf rw",
        "31 22 254:6 / /data rw - ext4 /dev/vdg rw",
    ];

    [Fact]
    public void A_usr_of_its_own_is_seen_in_the_node_and_labs_homes_and_data_are_not() =>
        Assert.Equal(["/usr", "/var"], MachineMounts.BesideRoot(s_mountInfo, []));

    [Fact]
    public void The_disk_on_which_the_programs_stand_is_seen_too() =>
        Assert.Equal(["/usr", "/var", "/work of mine"], MachineMounts.BesideRoot(s_mountInfo, ["/work of mine/trunkline/.build/bin"]));

    [Fact]
    public void This_machines_own_list_can_be_read() =>
        Assert.All(MachineMounts.BesideRoot(File.ReadAllLines("/proc/self/mountinfo"), []), point => Assert.StartsWith("/", point, StringComparison.Ordinal));
}
