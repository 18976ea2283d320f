using System.Net;
using System.Net.NetworkInformation;
using System.Security.Cryptography;
using System.Text;

namespace Trunkline.Node.Network.Secondary;

/// <summary>An interface of a Pod on a secondary network, as it shall be.</summary>
/// <param name="Network">namespace/name of its NetworkAttachmentDefinition.</param>
/// <param name="Interface">Its name in the Pod.</param>
/// <param name="Kind">What it is made of.</param>
/// <param name="Below">What it stands on in the node: a macvlan's master, or a bridge.</param>
internal sealed record SecondaryLink(string Network, string Interface, SecondaryKind Kind, string Below)
{
    /// <summary>macvlan's mode (CNI's names are iproute2's).</summary>
    public string Mode { get; init; } = "bridge";

    /// <summary>Whether a bridge sends back what came from the Pod.</summary>
    public bool Hairpin { get; init; }

    /// <summary>Whether a bridge keeps the Pod from other isolated ones of its node.</summary>
    public bool Isolated { get; init; }

    /// <summary>0: as what it stands on.</summary>
    public int Mtu { get; init; }

    public string? Mac { get; init; }

    public IReadOnlyList<SecondaryAddress> Addresses { get; init; } = [];

    /// <summary>Where the node itself gives addresses: sets of ranges, of each of which the Pod gets one.</summary>
    public IReadOnlyList<IReadOnlyList<HostLocalRange>> Ranges { get; init; } = [];

    public IReadOnlyList<SecondaryRoute> Routes { get; init; } = [];

    /// <summary>Gateways of a default route that takes the place of eth0's.</summary>
    public IReadOnlyList<IPAddress> DefaultRoute { get; init; } = [];

    /// <summary>Asked for, or made from Pod and interface, so that it is the same again after a restart.</summary>
    public PhysicalAddress MacOf(string podUid) => Mac is not null ? PhysicalAddress.Parse(Mac) : Hardware($"{podUid}/{Interface}");

    /// <summary>The node's end of a cable to a bridge. Not <c>p…</c>: that is the rules' name for Pods' eth0.</summary>
    public string NodeEnd(string podUid) => $"n{Convert.ToHexStringLower(Digest($"{podUid}/{Interface}"))[..14]}";

    private static byte[] Digest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    // Locally administered, unicast.
    private static PhysicalAddress Hardware(string text) => new([0x0a, 0x58, .. Digest(text).AsSpan(0, 4)]);
}
