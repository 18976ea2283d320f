using System.Text.Json;
using Trunkline.Node.IntegrationTests.Kernel.Reading;
using Trunkline.Node.IntegrationTests.Kernel.Sets;
using Trunkline.Node.IntegrationTests.Kernel.Statements;

namespace Trunkline.Node.IntegrationTests.Kernel;

/// <summary>
/// The rules of a node as the kernel tells them (<c>nft -j list table inet trunkline</c>), ready to be walked. The second witness: it knows nftables, and nothing of
/// policies, Services or the code that writes rules.
/// </summary>
internal sealed class KernelRules
{
    private readonly Dictionary<string, KernelSet> _sets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, KernelChain> _chains = new(StringComparer.Ordinal);
    private readonly Dictionary<string, KernelChain[]> _hooks;

    private KernelRules(JsonElement list)
    {
        var objects = list.GetProperty("nftables").EnumerateArray().Select(ExpressionReader.Only).ToList();
        foreach (var (_, body) in objects.Where(item => item.Name is "set" or "map"))
        {
            var set = SetReader.Named(body);
            _sets.Add(set.Name, set);
        }

        foreach (var (_, body) in objects.Where(item => item.Name == "chain"))
        {
            var chain = Chain(body);
            _chains.Add(chain.Name, chain);
        }

        var statements = new StatementReader(new ExpressionReader(_sets));
        foreach (var (name, body) in objects.Where(item => item.Name is not ("set" or "map" or "chain" or "metainfo" or "table")))
        {
            if (name != "rule")
            {
                throw new UnknownRuleException($"object {name}");
            }

            var expression = body.GetProperty("expr");
            _chains[body.GetProperty("chain").GetString()!].Rules.Add(
                new KernelRule(expression.GetRawText(), [.. expression.EnumerateArray().Select(statements.Read)]));
        }

        _hooks = _chains.Values.Where(chain => chain.Hook is not null).GroupBy(chain => chain.Hook!)
            .ToDictionary(group => group.Key, group => group.OrderBy(chain => chain.Priority).ToArray(), StringComparer.Ordinal);
        Check();
    }

    public IReadOnlyDictionary<string, KernelSet> Sets => _sets;

    public IReadOnlyDictionary<string, KernelChain> Chains => _chains;

    public static KernelRules Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return new KernelRules(document.RootElement);
    }

    /// <summary>Chains the kernel calls at a hook, in order.</summary>
    public KernelChain[] At(string hook) => _hooks.TryGetValue(hook, out var chains) ? chains : [];

    public KernelChain Chain(string name) => _chains.TryGetValue(name, out var chain) ? chain : throw new UnknownRuleException($"no chain {name}");

    // Whatever leads somewhere leads to a chain that is there.
    private void Check()
    {
        var statements = _chains.Values.SelectMany(chain => chain.Rules).SelectMany(rule => rule.Statements).ToList();
        var targets = statements.OfType<VerdictStatement>().Select(statement => statement.Verdict)
            .Concat(statements.OfType<VmapStatement>().SelectMany(statement => statement.Map.Verdicts))
            .Concat(_sets.Values.SelectMany(set => set.Verdicts));
        foreach (var verdict in targets.Where(verdict => verdict.Chain is not null))
        {
            Chain(verdict.Chain!);
        }
    }

    private static KernelChain Chain(JsonElement body) => new(
        body.GetProperty("name").GetString()!,
        body.TryGetProperty("hook", out var hook) ? hook.GetString() : null,
        body.TryGetProperty("prio", out var priority) ? priority.GetInt32() : 0,
        body.TryGetProperty("type", out var type) && type.GetString() == "nat",
        body.TryGetProperty("policy", out var policy) && policy.GetString() == "drop");
}
