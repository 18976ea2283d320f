using System.Text;

namespace Trunkline.Node.Network.Nft;

/// <summary>Writes the transaction that leads from one ruleset to another. Pure; the kernel takes all of it or nothing.</summary>
internal static class RulesetScript
{
    private const string Table = Ruleset.Table;

    /// <summary>Whatever the table holds (by the names listed from it), afterwards it is <paramref name="target"/>.</summary>
    public static string Full(IReadOnlyList<ExistingObject> existing, Ruleset target)
    {
        var script = new StringBuilder().Append("add table ").Append(Table).Append('\n');
        script.Append("flush table ").Append(Table).Append('\n');
        foreach (var item in existing.Where(item => item.Kind != "chain" && !(target.Sets.GetValueOrDefault(item.Name)?.IsKernels ?? false)))
        {
            script.Append($"delete {item.Kind} {Table} {item.Name}\n");
        }

        foreach (var item in existing.Where(item => item.Kind == "chain"))
        {
            script.Append($"delete chain {Table} {item.Name}\n");
        }

        Change(script, new Ruleset(), target);
        return script.ToString();
    }

    /// <summary>Empty where nothing changes.</summary>
    public static string Change(Ruleset from, Ruleset to)
    {
        var script = new StringBuilder();
        Change(script, from, to);
        return script.ToString();
    }

    // What is pointed to comes before what points to it, and goes after it.
    private static void Change(StringBuilder script, Ruleset from, Ruleset to)
    {
        foreach (var chain in to.Chains.Values.Where(chain => !from.Chains.ContainsKey(chain.Name)))
        {
            script.Append($"add chain {Table} {chain.Name}{(chain.Hook is null ? "" : $" {{ {chain.Hook} }}")}\n");
        }

        foreach (var set in to.Sets.Values.Where(set => !from.Sets.ContainsKey(set.Name)))
        {
            script.Append($"add {set.Word} {Table} {set.Name} {{ {set.Declaration} }}\n");
        }

        ChangeRules(script, from, to);
        foreach (var set in to.Sets.Values.Where(set => !set.IsKernels))
        {
            ChangeElements(script, from.Sets.GetValueOrDefault(set.Name), set);
        }

        Remove(script, from, to);
    }

    private static void ChangeRules(StringBuilder script, Ruleset from, Ruleset to)
    {
        foreach (var chain in to.Chains.Values)
        {
            var before = from.Chains.GetValueOrDefault(chain.Name);
            if (before is not null && before.Rules.SequenceEqual(chain.Rules))
            {
                continue;
            }

            if (before is not null)
            {
                script.Append($"flush chain {Table} {chain.Name}\n");
            }

            foreach (var rule in chain.Rules)
            {
                script.Append($"add rule {Table} {chain.Name} {rule}\n");
            }
        }
    }

    private static void ChangeElements(StringBuilder script, NftSet? before, NftSet set)
    {
        var known = before?.Elements ?? [];
        var gone = known.Where(pair => !set.Elements.TryGetValue(pair.Key, out var value) || value != pair.Value).Select(pair => pair.Key).ToList();
        var fresh = set.Elements.Where(pair => !known.TryGetValue(pair.Key, out var value) || value != pair.Value).ToList();
        if (set.IsInterval && known.Count > 0 && gone.Count + fresh.Count > 0)
        {
            script.Append($"flush {set.Word} {Table} {set.Name}\n");
            fresh = [.. set.Elements];
            gone = [];
        }

        Elements(script, "delete", set.Name, gone);
        Elements(script, "add", set.Name, fresh.ConvertAll(pair => pair.Value.Length == 0 ? pair.Key : $"{pair.Key} : {pair.Value}"));
    }

    private static void Elements(StringBuilder script, string verb, string name, List<string> elements)
    {
        if (elements.Count > 0)
        {
            script.Append($"{verb} element {Table} {name} {{ ").AppendJoin(", ", elements).Append(" }\n");
        }
    }

    private static void Remove(StringBuilder script, Ruleset from, Ruleset to)
    {
        var chains = from.Chains.Keys.Where(name => !to.Chains.ContainsKey(name)).ToList();
        foreach (var name in chains)
        {
            script.Append($"flush chain {Table} {name}\n");
        }

        foreach (var set in from.Sets.Values.Where(set => !to.Sets.ContainsKey(set.Name)))
        {
            script.Append($"delete {set.Word} {Table} {set.Name}\n");
        }

        foreach (var name in chains)
        {
            script.Append($"delete chain {Table} {name}\n");
        }
    }
}
