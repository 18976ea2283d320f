using System.Net;
using System.Net.Sockets;

namespace Trunkline.Policy.Model;

/// <summary>A Pod as policies see it.</summary>
public sealed record PolicyPod(string Namespace, string Name)
{
    private static readonly Dictionary<string, string> s_none = [];

    public IReadOnlyDictionary<string, string> Labels { get; init; } = s_none;

    /// <summary><c>status.podIPs</c>, at most one a family, the primary first; empty before the Pod has any.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; init; } = [];

    public string? NodeName { get; init; }

    /// <summary>Policies do not apply to a Pod on its node's network, and as a peer it is its node's address.</summary>
    public bool HostNetwork { get; init; }

    /// <summary>Succeeded or Failed: its address is nobody's any more and may soon be another Pod's.</summary>
    public bool Completed { get; init; }

    public IReadOnlyList<NamedPort> Ports { get; init; } = [];

    /// <summary>Whether the Pod stands behind an address that policies can select.</summary>
    public bool IsSelectable => !HostNetwork && !Completed && Addresses.Count > 0;

    /// <summary>The Pod's address of a family; null where it has none.</summary>
    public IPAddress? AddressOf(AddressFamily family)
    {
        foreach (var address in Addresses)
        {
            if (address.AddressFamily == family)
            {
                return address;
            }
        }

        return null;
    }

    public override string ToString() => $"{Namespace}/{Name}";
}
