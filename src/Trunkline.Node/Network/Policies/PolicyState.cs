using Trunkline.Policy.Model;

namespace Trunkline.Node.Network.Policies;

/// <summary>A NetworkPolicy and the chains made of it, each when it is first needed.</summary>
internal sealed class PolicyState(NetworkPolicy policy)
{
    private readonly Dictionary<(TrafficDirection Direction, AddressWords Words), RuleChain> _chains = [];

    public NetworkPolicy Policy => policy;

    public RuleChain ChainOf(TrafficDirection direction, AddressWords words)
    {
        if (!_chains.TryGetValue((direction, words), out var chain))
        {
            var lines = new PolicyLines(direction, words);
            lines.Add(policy);
            _chains[(direction, words)] = chain = RuleChain.Of("policy", lines.Lines, lines.Sets, []);
        }

        return chain;
    }
}
