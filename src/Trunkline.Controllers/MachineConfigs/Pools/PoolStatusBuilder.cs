using System.Text.Encodings.Web;
using System.Text.Json;
using k8s.Models;
using Trunkline.Controllers.Client;
using Trunkline.Controllers.MachineConfigs.Models;

namespace Trunkline.Controllers.MachineConfigs.Pools;

/// <summary>A pool and its nodes in, the pool's status out.</summary>
internal static class PoolStatusBuilder
{
    private static readonly JsonSerializerOptions _plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static MachineConfigPoolStatus Build(MachineConfigPool pool, IReadOnlyList<V1Node> nodes, DateTime now)
    {
        var target = pool.Spec.Configuration!.Name!;
        var status = new MachineConfigPoolStatus
        {
            ObservedGeneration = pool.Metadata.Generation,
            MachineCount = nodes.Count,
            UpdatedMachineCount = nodes.Count(n => n.IsDoneAt(target)),
            ReadyMachineCount = nodes.Count(n => n.IsDoneAt(target) && n.TakesWork()),
            UnavailableMachineCount = nodes.Count(n => n.IsUnavailable()),
            DegradedMachineCount = nodes.Count(n => n.IsDegraded()),
            Configuration = pool.Status?.Configuration,
            Conditions = [.. pool.Status?.Conditions ?? []],
        };
        var updated = status.UpdatedMachineCount == nodes.Count && status.ReadyMachineCount == nodes.Count && status.UnavailableMachineCount == 0;
        if (updated)
        {
            status.Configuration = pool.Spec.Configuration;
        }

        SetProgress(status.Conditions, updated, pool.Spec.Paused == true, target, now);
        SetDegraded(status.Conditions, [.. nodes.Where(n => n.IsDegraded())], now);
        return status;
    }

    private static void SetProgress(IList<PoolCondition> conditions, bool updated, bool paused, string target, DateTime now)
    {
        PoolConditions.Set(conditions, "Updated", updated, "", updated ? $"All nodes are updated with {target}" : "", now);
        var message = updated ? "" : paused ? $"Pool is paused; will not update to {target}" : $"All nodes are updating to {target}";
        PoolConditions.Set(conditions, "Updating", !updated && !paused, "", message, now);
    }

    private static void SetDegraded(IList<PoolCondition> conditions, IReadOnlyList<V1Node> degraded, DateTime now)
    {
        var reason = degraded.Count == 0 ? "" : $"{degraded.Count} nodes are reporting degraded status on sync";
        // Quoted as Go's %q would.
        var messages = degraded.OrderBy(n => n.Metadata.Name, StringComparer.Ordinal)
            .Select(n => $"Node {n.Metadata.Name} is reporting: {Quote(n.Annotation(MachineConfigNames.Reason) ?? "")}");
        PoolConditions.Set(conditions, "NodeDegraded", degraded.Count > 0, reason, string.Join(", ", messages), now);
        if (!conditions.Any(c => c.Type == "RenderDegraded"))
        {
            PoolConditions.Set(conditions, "RenderDegraded", false, "", "", now);
        }

        PoolConditions.Summarize(conditions, now);
    }

    private static string Quote(string text) => JsonSerializer.Serialize(text, _plain);
}
