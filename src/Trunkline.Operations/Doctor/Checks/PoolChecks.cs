using Trunkline.Operations.Cluster;
using Trunkline.Operations.Doctor.View;
using Trunkline.Operations.Findings;

namespace Trunkline.Operations.Doctor.Checks;

/// <summary>OpenShift: whether the pools have been told to load SCTP, and have done it.</summary>
internal sealed class PoolChecks : IDoctorCheck
{
    public static readonly RuleInfo Paused = new("DOC013", "pool-paused", Severity.Error, "A paused MachineConfigPool keeps its nodes from the configuration that loads SCTP.",
        "A paused pool takes new MachineConfigs into its wanted configuration and gives it to no node. `oc get mcp` shows UPDATED False and nothing ever happens.", "MCO: spec.paused; openshift-docs#20036");

    public static readonly RuleInfo Degraded = new("DOC014", "pool-degraded", Severity.Error, "A degraded MachineConfigPool does not roll out the configuration that loads SCTP.",
        "The pool stops at the first node that cannot apply its configuration, or cannot render it at all. The reason stands in its conditions NodeDegraded and RenderDegraded and in the node's annotations.", "MCO: conditions; cluster.md 4.2");

    public static readonly RuleInfo Updating = new("DOC015", "pool-updating", Severity.Warning, "A MachineConfigPool is still rolling out: some of its nodes do not have SCTP yet.",
        "Each node is drained and rebooted, one after another (maxUnavailable). A node is Ready before its turn has come: only the pool's status says when all is done.", "MCO: roll-out; openshift-docs#20036");

    public static readonly RuleInfo NotSwitchedOn = new("DOC016", "pool-without-sctp", Severity.Error, "SCTP Pods run on nodes of a MachineConfigPool that no MachineConfig tells to load SCTP.",
        "OpenShift's nodes blacklist the module. Without a MachineConfig for the pool of the very nodes on which the Pods run, an SCTP socket fails with Protocol not supported; a master's or a custom pool's nodes are not reached by role worker (a custom pool inherits worker's only if its selector says so).",
        "OpenShift: Using SCTP; verification-tests#2881");

    public IReadOnlyList<RuleInfo> Rules { get; } = [Paused, Degraded, Updating, NotSwitchedOn];

    public IReadOnlyList<ResourceKind> Needs { get; } = [ResourceKinds.MachineConfigPool, ResourceKinds.MachineConfig, ResourceKinds.Node];

    public IEnumerable<Diagnosis> Look(ClusterView view) => view.Pools.All.SelectMany(pool => pool.Configs.Count > 0 ? RollOut(pool) : Without(view, pool));

    private static IEnumerable<Diagnosis> RollOut(PoolView pool)
    {
        var behind = pool.Behind.ToList();
        var waiting = pool.Configs.Where(config => !pool.IsInForce(config)).Select(config => config.Source.Name).ToList();
        var evidence = new List<string>();
        if (waiting.Count > 0)
        {
            evidence.Add($"not yet on all nodes: MachineConfig {Advice.List(waiting)}");
        }

        evidence.AddRange(pool.BehindLines.Take(8));
        string[] explains = [.. (behind.Count > 0 ? behind : pool.Nodes).Select(node => Trouble.NoSctp(node.Name))];
        string[] concerns = [.. pool.Nodes.Select(node => node.Title), .. pool.Configs.Select(config => config.Source.Title)];
        if (pool.Is("Degraded") || pool.Is("RenderDegraded") || pool.Is("NodeDegraded"))
        {
            foreach (var type in new[] { "RenderDegraded", "NodeDegraded", "Degraded" })
            {
                if (pool.Is(type) && pool.Condition(type)?["message"].AsText() is { Length: > 0 } message)
                {
                    evidence.Insert(0, $"{type}: {message}");
                }
            }

            yield return new(Degraded, pool.Source, $"{pool.Title} is degraded and does not go on{(waiting.Count > 0 ? $", so {Advice.List(waiting)} does not reach all of its nodes" : "")}.")
            {
                Evidence = evidence,
                Fix = pool.Is("RenderDegraded") ? "Mend or delete the MachineConfig that the message names; the pool then renders again by itself." : $"Mend what the message says on the node; see oc -n openshift-machine-config-operator logs -l k8s-app=machine-config-daemon -c machine-config-daemon",
                Explains = explains,
                Concerns = concerns,
            };
            yield break;
        }

        if (waiting.Count == 0 && (behind.Count == 0 || !pool.Is("Updating")))
        {
            yield break;
        }

        if (pool.Paused)
        {
            yield return new(Paused, pool.Source, $"{pool.Title} is paused: {Advice.List(waiting)} {(waiting.Count == 1 ? "does" : "do")} not reach its nodes.")
            {
                Evidence = ["spec.paused: true", .. evidence],
                Fix = $"oc patch mcp {pool.Name} --type=merge -p '{{\"spec\":{{\"paused\":false}}}}' (its nodes are then drained and rebooted, one after another)",
                Explains = explains,
                Concerns = concerns,
            };
        }
        else if (pool.Is("Updating") || waiting.Count > 0)
        {
            yield return new(Updating, pool.Source, $"{pool.Title} is rolling out SCTP: {pool.Count("updatedMachineCount")} of {pool.Count("machineCount")} nodes have it.")
            {
                Evidence = evidence,
                Fix = $"Wait: oc wait mcp/{pool.Name} --for=condition=Updated --timeout=60m. If nothing moves, look for a PodDisruptionBudget that stops a drain, and at the node's annotations.",
                Explains = explains,
                Concerns = concerns,
            };
        }
    }

    private static IEnumerable<Diagnosis> Without(ClusterView view, PoolView pool)
    {
        if (!view.Objects.WasRead(ResourceKinds.MachineConfig))
        {
            yield break;
        }

        var names = pool.Nodes.Select(node => node.Name).ToHashSet(StringComparer.Ordinal);
        var here = view.Pods.Where(pod => pod.SpeaksSctp && !pod.IsOver && pod.NodeName is { } node && names.Contains(node)).ToList();
        var without = here.Where(pod => view.Facts.Node(pod.NodeName)?.HasSctp != true).ToList();
        if (without.Count == 0)
        {
            yield break;
        }

        var nodes = without.Select(pod => pod.NodeName!).Distinct().ToList();
        yield return new(NotSwitchedOn, pool.Source, $"{pool.Title} has no MachineConfig that loads SCTP, and SCTP Pods run on its nodes {Advice.List(nodes)}.")
        {
            Evidence = [$"SCTP Pods there: {Advice.List(without.Select(pod => pod.Title))}", view.Pools.Configs.Count == 0
                ? "no MachineConfig of this cluster is about SCTP"
                : $"MachineConfigs about SCTP: {Advice.List(view.Pools.Configs.Select(config => $"{config.Source.Name} (role {config.Role ?? "none"})"))}",
                .. nodes.Select(view.Facts.Node).Where(facts => facts?.HasSctp == false).Take(4).Select(facts => $"Node {facts!.Node}: /proc/net/protocols has no SCTP ({facts.ReadBy})")],
            Fix = $"trunkline enable --role {pool.Name} (drains and reboots the pool's nodes), or run the Pods on nodes that have SCTP.",
            Explains = [.. nodes.Select(Trouble.NoSctp)],
            SymptomOf = [.. nodes.Select(Trouble.NoSctp)],
            Concerns = [.. nodes.Select(node => $"Node {node}"), .. without.Select(pod => pod.Title)],
        };
    }
}
