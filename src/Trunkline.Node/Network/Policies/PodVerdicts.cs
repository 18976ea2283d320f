using System.Globalization;
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
        Set(table, chains, pod, PolicyRules.IngressMap, isThere ? address : null, ingress, PolicyRules.OpenClass);
        Set(table, chains, pod, PolicyRules.EgressMap, isThere ? address : null, egress, PolicyRules.OpenClass);
        Set(table, chains, pod, PolicyRules.NodeEgressMap, isThere && toNode is not null ? address : null, toNode, PolicyRules.OpenClass);
    }

    public static void Remove(RulesTable table, RuleChains chains, PodState pod)
    {
        foreach (var (map, (key, chain)) in pod.Verdicts)
        {
            table.Withdraw(pod.Uid, map, key);
            Release(chains, chain);
        }

        pod.Verdicts.Clear();
    }

    private void Set(RulesTable table, RuleChains chains, PodState pod, string map, string? key, RuleChain? chain, string otherwise)
    {
        map += words.Suffix;
        var isKnown = pod.Verdicts.TryGetValue(map, out var before);
        if (isKnown && before.Key == key && before.Chain == chain?.Name)
        {
            return;
        }

        if (key is not null)
        {
            table.Claim(pod.Uid, new NftElement(map, key, chain is null ? otherwise : chains.Use(chain).ToString(CultureInfo.InvariantCulture)));
            pod.Verdicts[map] = (key, chain?.Name);
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

            Release(chains, before.Chain);
        }
    }

    private static void Release(RuleChains chains, string? chain)
    {
        if (chain is not null)
        {
            chains.Release(chain);
        }
    }
}
