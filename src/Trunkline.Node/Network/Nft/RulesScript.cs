using System.Text;

namespace Trunkline.Node.Network.Nft;

/// <summary>Writes sets, chains and rules in nft's language. Pure.</summary>
internal static class RulesScript
{
    private const string Table = RulesTable.Name;

    /// <summary>What is pointed to comes before what points to it.</summary>
    public static string Add(IReadOnlyList<NftSet> sets, IReadOnlyList<NftChain> chains)
    {
        if (sets.Count == 0 && chains.Count == 0)
        {
            return "";
        }

        var script = new StringBuilder().Append("add table ").Append(Table).Append('\n');
        AddAll(script, sets, chains);
        return script.ToString();
    }

    /// <summary>What points goes before what is pointed to.</summary>
    public static string Delete(IReadOnlyList<NftSet> sets, IReadOnlyList<NftChain> chains)
    {
        var script = new StringBuilder();
        foreach (var chain in chains)
        {
            script.Append($"flush chain {Table} {chain.Name}\n");
        }

        foreach (var set in sets)
        {
            script.Append($"delete {set.Word} {Table} {set.Name}\n");
        }

        foreach (var chain in chains)
        {
            script.Append($"delete chain {Table} {chain.Name}\n");
        }

        return script.ToString();
    }

    /// <summary>One transaction after which the table, whatever it holds now (by the names listed from it), is what <paramref name="target"/> says.</summary>
    public static string Full(IReadOnlyList<ExistingObject> existing, RulesTable target)
    {
        var script = new StringBuilder().Append("add table ").Append(Table).Append('\n');
        script.Append("flush table ").Append(Table).Append('\n');
        var kept = target.Sets.Where(set => set.IsKernels).Select(set => (set.Name, set.Fingerprint)).ToHashSet();
        foreach (var item in existing.Where(item => item.Kind != "chain" && !kept.Contains((item.Name, item.Comment))))
        {
            script.Append($"delete {item.Kind} {Table} {item.Name}\n");
        }

        foreach (var item in existing.Where(item => item.Kind == "chain"))
        {
            script.Append($"delete chain {Table} {item.Name}\n");
        }

        var sets = target.Sets.OrderBy(set => set.Name, StringComparer.Ordinal).ToList();
        AddAll(script, sets, [.. target.Chains.OrderBy(chain => chain.Name, StringComparer.Ordinal)]);
        foreach (var set in sets.Where(set => !set.IsKernels))
        {
            Elements(script, set.Name, target.ElementsOf(set.Name));
        }

        return script.ToString();
    }

    private static void AddAll(StringBuilder script, IReadOnlyList<NftSet> sets, IReadOnlyList<NftChain> chains)
    {
        foreach (var chain in chains)
        {
            script.Append($"add chain {Table} {chain.Name}{(chain.Hook is null ? "" : $" {{ {chain.Hook} }}")}\n");
        }

        foreach (var set in sets)
        {
            script.Append($"add {set.Word} {Table} {set.Name} {{ {set.Declaration}{(set.IsKernels ? $" comment \"{set.Fingerprint}\";" : "")} }}\n");
        }

        foreach (var (name, rule) in chains.SelectMany(chain => chain.Rules.Select(rule => (chain.Name, rule))))
        {
            script.Append($"add rule {Table} {name} {rule}\n");
        }
    }

    private static void Elements(StringBuilder script, string name, IEnumerable<KeyValuePair<string, string>> elements)
    {
        var texts = elements.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Value.Length == 0 ? pair.Key : $"{pair.Key} : {pair.Value}").ToList();
        if (texts.Count > 0)
        {
            script.Append($"add element {Table} {name} {{ ").AppendJoin(", ", texts).Append(" }\n");
        }
    }
}
