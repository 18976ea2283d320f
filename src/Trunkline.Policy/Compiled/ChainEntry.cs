using System.Net.Sockets;
using System.Runtime.InteropServices;
using Trunkline.Policy.Model;

namespace Trunkline.Policy.Compiled;

/// <summary>
/// One range of ports, or one choice of names, of one rule. Entries of a chain lie side by side and carry what is asked first, so that walking over those of other ports
/// touches no other memory.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct ChainEntry
{
    private readonly int _protocol; // 0: any
    private readonly int _first;
    private readonly int _last;
    private readonly PodSet? _ipv4; // null: everybody
    private readonly PodSet? _ipv6;
    private readonly CompiledPorts? _names;

    private ChainEntry(CompiledRule rule, int protocol, int first, int last, CompiledPorts? names)
    {
        (_protocol, _first, _last, _names) = (protocol, first, last, names);
        (_ipv4, _ipv6, Effect) = (rule.Peers?.Ipv4, rule.Peers?.Ipv6, rule.Effect);
    }

    public ClusterPolicyAction Effect { get; }

    public static IEnumerable<ChainEntry> Of(CompiledRule rule)
    {
        if (rule.Ports is not { } ports)
        {
            return [new ChainEntry(rule, 0, 0, 65535, null)];
        }

        var ranges = ports.Ranges.Select(range => new ChainEntry(rule, (int)range.Protocol, range.First, range.Last, null));
        return ports.HasNames ? ranges.Append(new ChainEntry(rule, 0, 0, 65535, ports)) : ranges;
    }

    public bool Matches(int other, AddressFamily family, TransportProtocol protocol, int port, NamedPort[] declared)
    {
        if (port < _first || port > _last || (_protocol != 0 && _protocol != (int)protocol) || (_names is not null && !_names.HasNamed(protocol, port, declared)))
        {
            return false;
        }

        return (family == AddressFamily.InterNetwork ? _ipv4 : _ipv6)?.Contains(other) ?? true;
    }
}
