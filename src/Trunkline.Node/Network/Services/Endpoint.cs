using System.Globalization;
using System.Net;

namespace Trunkline.Node.Network.Services;

/// <summary>Where a Service's traffic goes in the end.</summary>
internal sealed record Endpoint(IPAddress Address, int Port) : IComparable<Endpoint>
{
    /// <summary>Whose it is, the same in both families (<see cref="SliceEndpoint.Pod"/>); 0 where nobody says. Says nothing of where traffic goes, so it is no part of equality.</summary>
    public ulong Pod { get; init; }

    public bool Equals(Endpoint? other) => other is not null && Port == other.Port && Address.Equals(other.Address);

    public override int GetHashCode() => HashCode.Combine(Address, Port);

    /// <summary>By address, then port: the same order on every node, whatever the slices' order is.</summary>
    public int CompareTo(Endpoint? other)
    {
        if (other is null)
        {
            return 1;
        }

        Span<byte> mine = stackalloc byte[16];
        Span<byte> theirs = stackalloc byte[16];
        _ = Address.TryWriteBytes(mine, out var length);
        _ = other.Address.TryWriteBytes(theirs, out var otherLength);
        var order = length != otherLength ? length.CompareTo(otherLength) : mine[..length].SequenceCompareTo(theirs[..otherLength]);
        return order != 0 ? order : Port.CompareTo(other.Port);
    }

    /// <summary>As the value of a map: <c>10.128.2.5 . 30102</c>.</summary>
    public string Element => string.Create(CultureInfo.InvariantCulture, $"{Address} . {Port}");
}
