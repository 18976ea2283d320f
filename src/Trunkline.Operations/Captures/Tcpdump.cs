using System.Globalization;
using System.Text.RegularExpressions;

namespace Trunkline.Operations.Captures;

/// <summary>How tcpdump is called, and what it says of itself when it ends.</summary>
public static partial class Tcpdump
{
    // In immediate mode a packet takes a slot of the whole snapshot length in the kernel's ring: tcpdump's own lengths (256 KiB in a ring of 2 MiB)
    // leave room for a few tens of packets. A jumbo frame and these 16 MiB leave room for 1,700.
    private const string SnapshotBytes = "9216";
    private const string RingKilobytes = "16384";

    /// <summary>The words of a capture that goes to the standard output as pcap, each packet at once.</summary>
    /// <param name="device">The device to watch.</param>
    /// <param name="filter">A pcap filter, such as <c>sctp</c>.</param>
    /// <remarks>-Z root: a node has no user "tcpdump" to become.</remarks>
    public static string[] Command(string device, string filter) =>
        ["tcpdump", "-Z", "root", "-i", device, "-n", "-U", "--immediate-mode", "-s", SnapshotBytes, "-B", RingKilobytes, "-w", "-", filter];

    /// <summary>The packets that the kernel dropped for want of room, by what tcpdump said at its end; null where it did not say.</summary>
    /// <param name="error">The standard error of a tcpdump that ended.</param>
    public static long? Dropped(string error) =>
        DroppedLine().Match(error) is { Success: true } match ? long.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : null;

    [GeneratedRegex(@"^(\d{1,18}) packets? dropped by kernel", RegexOptions.Multiline)]
    private static partial Regex DroppedLine();
}
