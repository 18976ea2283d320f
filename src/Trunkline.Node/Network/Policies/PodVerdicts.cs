using Trunkline.Node.Network.Nft;

namespace Trunkline.Node.Network.Policies;

/// <summary>What stands under the addresses of a kind's Pods in the maps, for one family.</summary>
internal sealed class PodVerdicts(AddressWords words, RuleChain? ingress, RuleChain? egress, RuleChain? toNode)
{
    public void Put(RulesTable table, RuleChains chains, PodState pod)
    {
        var address = $"{pod.Pod.AddressOf(words.Family)}";
        var isThere = address.Length > 0;
        Set(table, chains, pod, PolicyRules.SelfSet, isThere ? $"{address} . {address}" : null, null, "");
        Set(table, chains, pod, PolicyRules.IngressMap, isThere ? address : null, ingress, "accept");
        Set(table, chains, pod, PolicyRules.EgressMap, isThere ? address : null, egress, "accept");
        Set(table, chains, pod, PolicyRules.NodeEgressMap, isThere && toNode is not null ? address : null, toNode, "accept");
    }

    public static void Remove(RulesTable table, RuleChains chains, PodState pod)
    {
        foreach (var (map, (key, verdict)) in pod.Verdicts)
        {
            table.Withdraw(pod.Uid, map, key);
            Release(chains, verdict);
        }

        pod.Verdicts.Clear();
    }

    private void Set(RulesTable table, RuleChains chains, PodState pod, string map, string? key, RuleChain? chain, string otherwise)
    {
        map += words.Suffix;
        var verdict = chain is null ? otherwise : $"goto {chain.Name}";
        var isKnown = pod.Verdicts.TryGetValue(map, out var before);
        if (isKnown && before.Key == key && before.Verdict == verdict)
        {
            return;
        }

        if (key is not null)
        {
            if (chain is not null)
            {
                chains.Use(chain);
            }

            table.Claim(pod.Uid, new NftElement(map, key, verdict));
            pod.Verdicts[map] = (key, verdict);
        }
        else
        {
            pod.Verdicts.Remove(map);
        }

        if (isKnown)
        {
            if (before.Key != key)
            {
                table.Withdraw(pod.Uid, map, before.Key);
            }

            Release(chains, before.Verdict);
        }
    }

    private static void Release(RuleChains chains, string verdict)
    {
        if (verdict.StartsWith("goto ", StringComparison.Ordinal))
        {
            chains.Release(verdict["goto ".Length..]);
        }
    }
}
