using System.Globalization;
using System.Text.Json.Nodes;
using Trunkline.Operations.Cluster;
using Trunkline.Operations.Findings;
using Trunkline.Operations.MachineConfigs;
using Trunkline.Operations.Objects;
using Trunkline.Policy.Model;

namespace Trunkline.Operations.Enable;

/// <summary>What holds up the roll-out of a pool, and what its drains delete. Pure.</summary>
internal sealed class Hindrances(ClusterObjects objects, PoolMap map)
{
    public IEnumerable<Finding> Of(PoolPlan plan)
    {
        var pool = map.Pools.First(item => item.Name == plan.Name);
        return [.. OfPool(pool, plan), .. OfNodes(pool, plan), .. plan.Drains ? OfBudgets(plan) : []];
    }

    /// <summary>Pods without a controller, which nothing makes anew, and the data of emptyDirs.</summary>
    public IEnumerable<PodLoss> Losses(PoolPlan plan)
    {
        foreach (var pod in Drained(plan))
        {
            var node = pod.Spec.Field("nodeName").AsText()!;
            if (Controller(pod) is null)
            {
                yield return new PodLoss(node, $"{pod.Namespace}/{pod.Name}", "the Pod itself: it has no controller, and nothing makes it anew");
            }

            var volumes = pod.Spec.Field("volumes").Objects().Where(volume => volume["emptyDir"] is JsonObject).Select(volume => volume["name"].AsText()).ToList();
            if (volumes.Count > 0)
            {
                yield return new PodLoss(node, $"{pod.Namespace}/{pod.Name}", $"the data in emptyDir {string.Join(", ", volumes)}");
            }
        }
    }

    private static IEnumerable<Finding> OfPool(ClusterObject pool, PoolPlan plan)
    {
        var state = new PoolState(pool.Document);
        if (state.Paused)
        {
            yield return new Finding("enable-pool-paused", Severity.Error, $"pool {pool.Name} is paused: nothing is rolled out to it.")
            {
                Subject = pool.Title,
                Fix = $"oc patch mcp {pool.Name} --type merge -p '{{\"spec\":{{\"paused\":false}}}}'",
            };
        }

        if (state.Is("Degraded") || state.Is("NodeDegraded") || state.Is("RenderDegraded"))
        {
            yield return new Finding("enable-pool-degraded", Severity.Error, $"{state.Trouble}.") { Subject = pool.Title, Fix = "Mend that first: a degraded pool updates no node." };
        }
        else if (plan.Changes && state.Is("Updating") && !state.Paused)
        {
            yield return new Finding("enable-pool-updating", Severity.Info, $"pool {pool.Name} is being updated already; both changes go out together where that is still possible.") { Subject = pool.Title };
        }
    }

    // A node that is away for another reason uses up what may be away at one time.
    private IEnumerable<Finding> OfNodes(ClusterObject pool, PoolPlan plan)
    {
        var state = new PoolState(pool.Document);
        var away = map.NodesOf(pool).Select(node => new PoolNode(node)).Where(node => (node.Cordoned || !node.Ready) && node.Current == node.Desired).ToList();
        foreach (var node in away)
        {
            yield return new Finding("enable-node-away", away.Count >= plan.AtOnce && !state.Is("Updating") ? Severity.Error : Severity.Warning,
                $"{node.Node.Title} is {(node.Cordoned ? "cordoned" : "not Ready")}, and pool {pool.Name} lets {plan.AtOnce} be away at one time{(away.Count >= plan.AtOnce ? ": no other node is updated until it is back" : "")}.")
            {
                Subject = node.Node.Title,
                Fix = node.Cordoned ? $"oc adm uncordon {node.Name}" : "Bring the node back, or take it out of the cluster.",
            };
        }
    }

    private IEnumerable<Finding> OfBudgets(PoolPlan plan)
    {
        var drained = Drained(plan).ToList();
        var budgets = objects.Of(ResourceKinds.PodDisruptionBudget).Select(budget => (Budget: budget, Selector: ObjectSelector.Read(budget.Spec.Field("selector")))).Where(item => item.Selector is not null).ToList();
        var covered = new Dictionary<ClusterObject, int>();
        foreach (var (budget, selector) in budgets)
        {
            var pods = drained.Where(pod => pod.Namespace == budget.Namespace && selector!.Matches(pod.Labels())).ToList();
            foreach (var pod in pods)
            {
                covered[pod] = covered.GetValueOrDefault(pod) + 1;
            }

            if (pods.Count > 0 && Allows(budget, selector!) is not > 0)
            {
                yield return Blocked(budget, pods, Numbers(budget, selector!));
            }
        }

        // The eviction API refuses a Pod that more than one budget covers, whatever they allow.
        foreach (var (pod, _) in covered.Where(item => item.Value > 1))
        {
            yield return new Finding("enable-two-budgets", Severity.Error, $"{pod.Title} is covered by more than one PodDisruptionBudget: the API evicts no such Pod, so {pod.Spec.Field("nodeName").AsText()} cannot be drained.")
            {
                Subject = pod.Title,
                Fix = "Delete all but one of the budgets that select it.",
            };
        }
    }

    private long Allows(ClusterObject budget, LabelSelector selector) =>
        budget.Status.Field("disruptionsAllowed").AsNumber() ?? (Numbers(budget, selector) is var (desired, expected, healthy) ? Math.Max(0, Math.Min(healthy, expected) - desired) : 0);

    // As the disruption controller counts, where it has not yet (or an archive has no status): percentages are rounded up.
    private (long Desired, long Expected, long Healthy) Numbers(ClusterObject budget, LabelSelector selector)
    {
        if (budget.Status is { } status && status["expectedPods"].AsNumber() is { } known)
        {
            return (status["desiredHealthy"].AsNumber() ?? 0, known, status["currentHealthy"].AsNumber() ?? 0);
        }

        var covered = objects.Of(ResourceKinds.Pod).Where(pod => pod.Namespace == budget.Namespace && selector.Matches(pod.Labels())).ToList();
        var healthy = covered.Count(pod => pod.Status.Field("conditions").Objects().Any(condition => condition["type"].AsText() == "Ready" && condition["status"].AsText() == "True"));
        var desired = budget.Spec.Field("maxUnavailable") is { } most ? covered.Count - Part(most, covered.Count) : Part(budget.Spec.Field("minAvailable"), covered.Count);
        return (Math.Max(0, desired), covered.Count, healthy);
    }

    private static long Part(JsonNode? value, int of) => value.AsNumber()
        ?? (value.AsText() is { } text && text.EndsWith('%') && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var percent) ? (((long)of * percent) + 99) / 100 : 0);

    private static Finding Blocked(ClusterObject budget, IReadOnlyList<ClusterObject> pods, (long Desired, long Expected, long Healthy) numbers)
    {
        var (desired, expected, healthy) = numbers;
        var never = desired >= expected;
        var where = string.Join(", ", pods.Select(pod => pod.Spec.Field("nodeName").AsText()).Distinct(StringComparer.Ordinal));
        return new Finding("enable-budget-blocks", never ? Severity.Error : Severity.Warning,
            $"{budget.Title} allows no disruption{(never ? ", ever" : " now")}: the drain of {where} waits for it{(never ? " and fails" : "")}.")
        {
            Subject = budget.Title,
            Evidence = [$"{healthy} of {expected} Pods healthy, {desired} have to be; it covers {string.Join(", ", pods.Select(pod => $"{pod.Name} on {pod.Spec.Field("nodeName").AsText()}"))}"],
            Fix = never ? "Run more Pods than the budget demands, or relax it for the time of the roll-out." : "Wait until its Pods are healthy.",
        };
    }

    // What a drain ends: not DaemonSets' Pods, which come back, nor mirror Pods, which are the node's own, nor what has ended.
    private IEnumerable<ClusterObject> Drained(PoolPlan plan) => objects.Of(ResourceKinds.Pod).Where(pod =>
        plan.Nodes.Contains(pod.Spec.Field("nodeName").AsText() ?? "") && pod.Annotation("kubernetes.io/config.mirror") is null && Controller(pod) != "DaemonSet"
        && pod.Status.Field("phase").AsText() is not ("Succeeded" or "Failed"));

    private static string? Controller(ClusterObject pod) =>
        pod.Document["metadata"].Field("ownerReferences").Objects().FirstOrDefault(owner => owner["controller"].IsTrue())?["kind"].AsText();
}
