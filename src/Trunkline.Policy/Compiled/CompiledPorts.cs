using Trunkline.Policy.Model;

namespace Trunkline.Policy.Compiled;

/// <summary>What a rule's ports mean: ranges of protocols, and names that only a destination Pod can resolve.</summary>
internal sealed class CompiledPorts
{
    private readonly (TransportProtocol Protocol, int First, int Last)[] _ranges;
    private readonly (string Name, TransportProtocol? Protocol)[] _names;

    private CompiledPorts(IEnumerable<(TransportProtocol Protocol, int First, int Last)> ranges, IEnumerable<(string Name, TransportProtocol? Protocol)> names)
    {
        _ranges = [.. ranges.Distinct().Order()];
        _names = [.. names.Distinct().OrderBy(name => name.Name, StringComparer.Ordinal).ThenBy(name => name.Protocol)];
        Key = string.Join('|', _ranges) + string.Concat(_names.Select(name => $"|{name.Name.Length}:{name.Name}/{name.Protocol}"));
    }

    /// <summary>Equal for equal meaning of equal parts.</summary>
    public string Key { get; }

    public IReadOnlyList<(TransportProtocol Protocol, int First, int Last)> Ranges => _ranges;

    public IReadOnlyList<(string Name, TransportProtocol? Protocol)> Names => _names;

    public bool HasNames => _names.Length > 0;

    /// <summary>Null: all ports.</summary>
    public static CompiledPorts? Of(IReadOnlyList<PolicyPort> ports) => ports.Count == 0 ? null : new(
        ports.Where(port => port.Name is null).Select(port => (port.Protocol, port.Number ?? 0, port.Number is { } low ? port.EndNumber ?? low : 65535)),
        ports.Where(port => port.Name is not null).Select(port => (port.Name!, (TransportProtocol?)port.Protocol)));

    public static CompiledPorts? Of(IReadOnlyList<ClusterPolicyPort> ports) => ports.Count == 0 ? null : new(
        ports.Where(port => port.Name is null).Select(port => (port.Protocol!.Value, port.First, port.Last)),
        ports.Where(port => port.Name is not null).Select(port => (port.Name!, port.Protocol)));

    public bool HasNumber(TransportProtocol protocol, int port)
    {
        foreach (var (wanted, first, last) in _ranges)
        {
            if (wanted == protocol && first <= port && port <= last)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the port is one that the destination declares under a name of this rule.</summary>
    public bool HasNamed(TransportProtocol protocol, int port, NamedPort[] declared)
    {
        foreach (var (name, wanted) in _names)
        {
            if ((wanted ?? protocol) != protocol)
            {
                continue;
            }

            for (var index = 0; index < declared.Length; index++)
            {
                if (declared[index].Protocol == protocol && declared[index].Number == port && declared[index].Name == name)
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Whether every port here is certainly also there (a sum of several of the other's ranges is not looked for).</summary>
    public bool IsWithin(CompiledPorts? other) => other is null
        || (_ranges.All(range => other._ranges.Any(wider => wider.Protocol == range.Protocol && wider.First <= range.First && range.Last <= wider.Last))
            && _names.All(name => other._names.Contains(name) || other._names.Contains((name.Name, null)) || (name.Protocol is { } protocol && other.HasAll(protocol))));

    private bool HasAll(TransportProtocol protocol) => _ranges.Any(range => range.Protocol == protocol && range.First <= 1 && range.Last >= 65535);
}
