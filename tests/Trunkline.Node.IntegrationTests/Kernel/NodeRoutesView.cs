using System.Net;

namespace Trunkline.Node.IntegrationTests.Kernel;

/// <summary>The node's routes as the model needs them: by which link an address is reached, and which addresses are its own.</summary>
internal sealed class NodeRoutesView
{
    private readonly Dictionary<IPAddress, string> _hosts = [];
    private readonly List<(IPNetwork Network, string? Link)> _networks = [];
    private readonly HashSet<IPAddress> _own = [];

    public NodeRoutesView Host(IPAddress address, string link)
    {
        _hosts[address] = link;
        return this;
    }

    /// <summary>Longer prefixes first.</summary>
    public NodeRoutesView Network(string network, string? link)
    {
        _networks.Add((IPNetwork.Parse(network), link));
        return this;
    }

    public NodeRoutesView Own(IPAddress address)
    {
        _own.Add(address);
        return this;
    }

    public bool IsOwn(IPAddress address) => _own.Contains(address);

    /// <summary>Null: no way.</summary>
    public string? LinkTo(IPAddress address)
    {
        if (_own.Contains(address))
        {
            return "lo";
        }

        if (_hosts.TryGetValue(address, out var link))
        {
            return link;
        }

        foreach (var (network, way) in _networks)
        {
            if (network.Contains(address))
            {
                return way;
            }
        }

        return null;
    }
}
