using System.Net;

namespace Trunkline.Policy.Model;

/// <summary>An ipBlock peer. <see cref="Except"/> takes away from this block only: another peer can allow the same address again.</summary>
public sealed record IpBlock(IPNetwork Cidr, IReadOnlyList<IPNetwork> Except)
{
    public bool Contains(IPAddress address) =>
        address.AddressFamily == Cidr.BaseAddress.AddressFamily && Cidr.Contains(address) && !Except.Any(except => except.Contains(address));

    public override string ToString() => Except.Count == 0 ? $"{Cidr}" : $"{Cidr} except {string.Join(",", Except)}";
}
