namespace Trunkline.NodeInit.Boot;

/// <summary>
/// The node's network namespace outlives its boots (its uplink is plugged in from outside), so what a kernel would have forgotten is taken
/// out here: rules, tracked connections, the nodes' ends of Pods' cables and routes to them.
/// </summary>
internal static class NetworkReset
{
    private static readonly string[] Kept = ["lo", "eth0", "eth1", "eth2", "br1"];

    public static void Run(ChildReaper reaper)
    {
        var links = Directory.EnumerateFileSystemEntries("/sys/class/net").Select(entry => Path.GetFileName(entry)).Except(Kept).ToArray();
        Must(reaper, ["nft", "flush", "ruleset"]);
        foreach (var link in links)
        {
            // A Pod's namespace dies asynchronously with its last process; its cable may vanish between the listing and this.
            reaper.RunAndWait(["ip", "link", "delete", link]);
        }

        if (File.Exists("/proc/sys/net/netfilter/nf_conntrack_count") && File.ReadAllText("/proc/sys/net/netfilter/nf_conntrack_count").Trim() != "0")
        {
            Must(reaper, ["conntrack", "-F"]);
        }
    }

    private static void Must(ChildReaper reaper, string[] command)
    {
        var code = reaper.RunAndWait(command);
        if (code != 0)
        {
            throw new IOException($"`{string.Join(' ', command)}` ended with {code}: the node would boot with rules of its former life");
        }
    }
}
