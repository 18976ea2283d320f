using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Trunkline.Node.Network.Balancers;

/// <summary>
/// Which node answers for a load balancer's address on the rack. Every node computes it for itself from what all of them see, and comes to the same: the highest of hashes of
/// node and address (rendezvous hashing), so that an address moves only when its own node goes, and addresses spread over nodes. Pure.
/// </summary>
internal static class BalancerChoice
{
    /// <summary>Null where there is no candidate: then nobody answers.</summary>
    public static string? Of(IPAddress address, IEnumerable<string> candidates) =>
        candidates.Select(node => (Node: node, Weight: Weight(node, address))).OrderByDescending(item => item.Weight).ThenBy(item => item.Node, StringComparer.Ordinal)
            .Select(item => item.Node).FirstOrDefault();

    private static ulong Weight(string node, IPAddress address) =>
        System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{node}#{address}")));
}
