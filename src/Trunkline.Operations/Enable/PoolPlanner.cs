using System.Text.Json.Nodes;
using Trunkline.Operations.Cluster;
using Trunkline.Operations.Findings;
using Trunkline.Operations.MachineConfigs;
using Trunkline.Operations.Objects;
using Trunkline.Operations.Platforms;

namespace Trunkline.Operations.Enable;

/// <summary>The plan for clusters with the Machine Config Operator. Pure.</summary>
internal sealed class PoolPlanner(ClusterObjects objects, ClusterPlatform platform, EnableOptions options)
{
    private const string Worker = "worker";
    private const string Master = "master";
    private readonly PoolMap _map = new(objects);
    private readonly List<Finding> _obstacles = [];

    public ModulePlan Plan()
    {
        var roles = Roles();
        var (creates, deletes, pools) = options.Off ? SwitchOff(roles) : SwitchOn(roles);
        var touched = pools.Where(pool => !pool.Done).ToList();
        var hindrances = new Hindrances(objects, _map);
        _obstacles.AddRange(touched.SelectMany(hindrances.Of));
        _obstacles.AddRange(Unread(touched.Count > 0));
        var nodes = pools.SelectMany(pool => pool.Nodes).Distinct(StringComparer.Ordinal).ToList();
        return new ModulePlan
        {
            Platform = platform,
            Method = ModuleMethod.MachineConfig,
            Off = options.Off,
            Creates = creates,
            Deletes = deletes,
            Carriers = [.. Carriers().Select(config => config.Name)],
            Pools = pools,
            Nodes = nodes,
            Obstacles = Finding.Ordered(_obstacles),
            Losses = [.. touched.Where(pool => pool.Drains).SelectMany(hindrances.Losses)],
            Image = NodeImages.Choose(objects, platform, nodes, options.Image).Image,
        };
    }

    /// <summary>The roles that need a MachineConfig: worker's, custom pools' that do not take worker's, and master's only where there is no other node, or where it is asked for.</summary>
    private List<ClusterObject> Roles()
    {
        if (options.Roles.Count > 0)
        {
            return [.. options.Roles.Select(Named).OfType<ClusterObject>()];
        }

        var filled = _map.Pools.Where(pool => _map.NodesOf(pool).Count > 0).ToList();
        var roots = new List<ClusterObject>();
        if (filled.Any(pool => PoolMap.TakesRole(pool, Worker)) && _map.Pools.FirstOrDefault(pool => pool.Name == Worker) is { } worker)
        {
            roots.Add(worker);
        }

        roots.AddRange(filled.Where(pool => pool.Name is not (Worker or Master) && !PoolMap.TakesRole(pool, Worker) && _map.NodesOf(pool).Any(PlatformDetection.TakesWorkloads)));
        if (roots.Count == 0 && filled.Find(pool => pool.Name == Master) is { } master)
        {
            roots.Add(master); // compact or single node: all workloads run here
        }

        if (roots.Count == 0)
        {
            _obstacles.Add(new Finding("enable-no-pool", Severity.Error, "no MachineConfigPool has a node, so no MachineConfig would reach one.")
            {
                Evidence = [$"pools: {string.Join(", ", _map.Pools.Select(pool => pool.Name))}; nodes: {objects.Of(ResourceKinds.Node).Count}"],
            });
        }

        return roots;
    }

    private ClusterObject? Named(string role)
    {
        var pool = _map.Pools.FirstOrDefault(item => item.Name == (role == "control-plane" ? Master : role));
        if (pool is null)
        {
            _obstacles.Add(new Finding("enable-no-such-pool", Severity.Error, $"there is no MachineConfigPool {role}; there are {string.Join(", ", _map.Pools.Select(item => item.Name))}.") { Fix = "Name one of them with --role." });
        }
        else if (Reached(LabelsFor(pool)).Count == 0)
        {
            _obstacles.Add(new Finding("enable-role-has-no-nodes", Severity.Error, $"MachineConfigPool {pool.Name} has no node: a MachineConfig for it would change nothing (SCTP025).")
            {
                Subject = pool.Title,
                Fix = "On compact and single-node clusters the nodes are in pool master: --role master, or no --role at all.",
            });
        }

        return pool;
    }

    private (List<JsonObject>, List<string>, List<PoolPlan>) SwitchOn(IReadOnlyList<ClusterObject> roles)
    {
        var creates = new List<JsonObject>();
        var pools = new Dictionary<string, PoolPlan>(StringComparer.Ordinal);
        foreach (var role in roles)
        {
            var labels = LabelsFor(role);
            var config = SctpMachineConfig.For(role.Name, labels);
            var name = SctpMachineConfig.NameFor(role.Name);
            var reached = Reached(labels);
            var needed = reached.Any(pool => !ModuleFiles.SwitchOn(_map.FilesOf(pool)));
            if (needed)
            {
                creates.Add(config);
            }

            foreach (var pool in reached)
            {
                var on = ModuleFiles.SwitchOn(_map.FilesOf(pool));
                var waitFor = on ? CarriersOf(pool) : [name];
                var state = new PoolState(pool.Document);
                var done = on && !needed && state.IsDone && waitFor.All(state.IsMadeOf);
                pools.TryAdd(pool.Name, PlanOf(pool, needed ? [name] : waitFor, done, changes: needed));
                if (needed)
                {
                    Overruled(pool, name, config);
                }

                if (pool.Name != role.Name)
                {
                    _obstacles.Add(new Finding("enable-custom-pool", Severity.Info, $"pool {pool.Name} takes {role.Name}'s MachineConfigs: it needs none of its own, and its nodes are updated too.") { Subject = pool.Title });
                }
            }
        }

        LeftOut(pools.Keys);
        return (creates, [], [.. pools.Values]);
    }

    private (List<JsonObject>, List<string>, List<PoolPlan>) SwitchOff(IReadOnlyList<ClusterObject> roles)
    {
        var pools = new Dictionary<string, PoolPlan>(StringComparer.Ordinal);
        var deletes = new List<string>();
        foreach (var pool in roles.SelectMany(role => Reached(LabelsFor(role))).DistinctBy(pool => pool.Name))
        {
            var configs = _map.ConfigsOf(pool).Where(IsSwitch).ToList();
            deletes.AddRange(configs.Select(config => config.Name));
            var state = new PoolState(pool.Document);
            var names = configs.Select(config => config.Name).ToList();
            pools.TryAdd(pool.Name, PlanOf(pool, names, done: names.Count == 0 && state.IsDone, changes: names.Count > 0));
            foreach (var other in _map.ConfigsOf(pool).Where(config => !IsSwitch(config) && IgnitionFiles.Of(config.Name, config.Document).Any(file => ModuleFiles.Loads(file.Path, file.Content))))
            {
                _obstacles.Add(new Finding("disable-other-machineconfig", Severity.Error, $"{other.Title} loads SCTP too, beside other things: it is not Trunkline's to delete.")
                {
                    Subject = other.Title,
                    Fix = $"Take {ModuleFiles.Load} (and {ModuleFiles.Blacklist}) out of it.",
                });
            }
        }

        return ([], [.. deletes.Distinct(StringComparer.Ordinal)], [.. pools.Values]);
    }

    // A MachineConfig that does this and nothing else, whoever made it.
    private static bool IsSwitch(ClusterObject config)
    {
        var files = IgnitionFiles.Of(config.Name, config.Document).ToList();
        var spec = config.Spec;
        return files.Any(file => ModuleFiles.Loads(file.Path, file.Content)) && files.All(file => file.Path == ModuleFiles.Blacklist || ModuleFiles.Loads(file.Path, file.Content))
            && spec.Field("config").Field("systemd").Field("units").Objects().FirstOrDefault() is null && spec.Field("config").Field("passwd").Field("users").Objects().FirstOrDefault() is null
            && spec.Field("kernelArguments") is not JsonArray { Count: > 0 } && spec.Field("extensions") is not JsonArray { Count: > 0 };
    }

    private PoolPlan PlanOf(ClusterObject pool, IReadOnlyList<string> configs, bool done, bool changes)
    {
        var nodes = _map.NodesOf(pool);
        return new PoolPlan(pool.Name, configs, done, changes, platform.Topology != ControlPlaneTopology.SingleNode, PoolMap.AtOnce(pool, nodes.Count), [.. nodes.Select(node => node.Name)]);
    }

    // The pools with nodes that would take a MachineConfig with these labels.
    private List<ClusterObject> Reached(IReadOnlyDictionary<string, string> labels) => [.. _map.Pools.Where(pool => PoolMap.Takes(pool, labels) && _map.NodesOf(pool).Count > 0)];

    // What makes a MachineConfig the pool's: its role, or what its selector asks for instead.
    private static Dictionary<string, string> LabelsFor(ClusterObject pool)
    {
        if (PoolMap.TakesRole(pool, pool.Name))
        {
            return new Dictionary<string, string>(StringComparer.Ordinal) { [PoolMap.RoleLabel] = pool.Name };
        }

        var selector = ObjectSelector.Read(pool.Spec.Field("machineConfigSelector"));
        var labels = new Dictionary<string, string>(selector?.MatchLabels ?? new Dictionary<string, string>(), StringComparer.Ordinal);
        foreach (var requirement in selector?.MatchExpressions.Where(item => item.Operator is Policy.Model.SelectorOperator.In or Policy.Model.SelectorOperator.Exists) ?? [])
        {
            labels.TryAdd(requirement.Key, requirement.Values.Count == 0 ? "" : requirement.Values.Contains(pool.Name) ? pool.Name : requirement.Values[0]);
        }

        return labels;
    }

    private List<string> CarriersOf(ClusterObject pool) =>
        [.. _map.FilesOf(pool).Where(file => file.Path == ModuleFiles.Blacklist || ModuleFiles.Loads(file.Path, file.Content)).Select(file => file.MachineConfig).Distinct(StringComparer.Ordinal)];

    private IEnumerable<ClusterObject> Carriers() =>
        objects.Of(ResourceKinds.MachineConfig).Where(config => !PoolMap.IsRendered(config) && ModuleFiles.SwitchOn([.. IgnitionFiles.Of(config.Name, config.Document)]));

    // What another MachineConfig, merged later, writes to the same paths wins.
    private void Overruled(ClusterObject pool, string name, JsonObject config)
    {
        var ours = new ClusterObject(ResourceKinds.MachineConfig, null, name, config);
        var after = new PoolMap(new ClusterObjects([.. _map.Pools, ours, .. objects.Of(ResourceKinds.MachineConfig).Where(item => item.Name != name)], [], "")).FilesOf(pool);
        foreach (var file in after.Where(file => file.MachineConfig != name && (ModuleFiles.Blocks(file.Path, file.Content) || file.Path is ModuleFiles.Load && !ModuleFiles.Loads(file.Path, file.Content))))
        {
            _obstacles.Add(new Finding("enable-overruled", Severity.Error, $"MachineConfig {file.MachineConfig} writes {file.Path} so that SCTP stays off in pool {pool.Name}, and is merged after {name} (SCTP026).")
            {
                Subject = $"MachineConfig {file.MachineConfig}",
                Fix = $"Take the file out of {file.MachineConfig}, or delete it.",
            });
        }
    }

    private void LeftOut(IEnumerable<string> planned)
    {
        foreach (var config in Carriers().Where(config => !_map.Pools.Any(pool => PoolMap.Takes(pool, config.Labels()))))
        {
            _obstacles.Add(new Finding("enable-unselected", Severity.Warning, $"{config.Title} carries both files, and no pool takes it: its labels match no machineConfigSelector.") { Subject = config.Title });
        }

        var pools = planned.ToHashSet(StringComparer.Ordinal);
        var rest = _map.Pools.Where(pool => !pools.Contains(pool.Name) && !ModuleFiles.SwitchOn(_map.FilesOf(pool)) && _map.NodesOf(pool).Any(PlatformDetection.TakesWorkloads)).Select(pool => pool.Name).ToList();
        if (rest.Count > 0)
        {
            _obstacles.Add(new Finding("enable-left-out", Severity.Info, $"nodes of pool {string.Join(", ", rest)} take workloads too, and stay without SCTP.") { Fix = $"Add --role {string.Join(" --role ", rest)} if SCTP Pods may run there." });
        }

        foreach (var node in objects.Of(ResourceKinds.Node).Where(node => _map.PoolOf(node) is null))
        {
            _obstacles.Add(new Finding("enable-node-without-pool", Severity.Warning, $"{node.Title} belongs to no pool (two custom pools select it, or none does): no MachineConfig reaches it.") { Subject = node.Title });
        }
    }

    private IEnumerable<Finding> Unread(bool drains) => objects.Unread
        .Where(unread => unread.Kind == ResourceKinds.MachineConfig || unread.Kind == ResourceKinds.Node || (drains && (unread.Kind == ResourceKinds.Pod || unread.Kind == ResourceKinds.PodDisruptionBudget)))
        .Select(unread => new Finding("enable-unread", unread.Kind == ResourceKinds.MachineConfig || unread.Kind == ResourceKinds.Node ? Severity.Error : Severity.Warning,
            $"{unread.Kind} could not be read, so what they would say is not in this plan.")
        { Evidence = [unread.Why], Fix = "`trunkline rbac enable` prints the Role that grants it." });
}
