using Trunkline.Operations.Lint.Context;
using Trunkline.Operations.Lint.Documents;

namespace Trunkline.Operations.Lint.Rules.MachineConfigs;

/// <summary>SCTP025: a MachineConfig whose pool has no nodes, or that no pool selects. Needs the pools, of a cluster or of the run.</summary>
internal sealed class PoolRule : IDocumentRule
{
    public void Check(LintDocument document, LintContext context, LintReport report)
    {
        if (document.Kind != "MachineConfig" || context.Pools.Count == 0 || context.MachineConfig(document) is not { IsSctp: true } config)
        {
            return;
        }

        var pools = context.Pools.Where(pool => pool.Spec?["machineConfigSelector"] is { } selector && Selectors.Matches(selector, document.Labels)).ToList();
        var at = document.Metadata?["labels"]?.Entry(MachineConfigFacts.RoleLabel)?.Value ?? document.Metadata;
        var names = string.Join(", ", context.Pools.Select(pool => pool.Name));
        if (pools.Count == 0)
        {
            report.Add("SCTP025", document, at, $"no MachineConfigPool selects {document.Title} (role {config.Role ?? "without"}); there are {names}", "use the role of a pool that has nodes");
        }
        else if (pools.TrueForAll(pool => Machines(pool, context) == 0))
        {
            var with = context.Pools.Where(pool => Machines(pool, context) is null or > 0).Select(pool => pool.Name).ToList();
            report.Add("SCTP025", document, at, $"pool {string.Join(", ", pools.Select(pool => pool.Name))} of {document.Title} has no nodes, so nothing changes", with.Count > 0 ? $"use the role {string.Join(" or ", with)}" : null);
        }
    }

    // Custom pools take their nodes out of worker's: a node of a custom pool also has the role worker.
    private static long? Machines(LintDocument pool, LintContext context) => pool.Root.At("status", "machineCount").Number()
        ?? (context.Nodes.Count > 0 ? context.Nodes.Count(node => Selectors.Matches(pool.Spec?["nodeSelector"], node.Labels) && !(pool.Name == "worker" && node.Labels.ContainsKey("node-role.kubernetes.io/master"))) : null);
}
