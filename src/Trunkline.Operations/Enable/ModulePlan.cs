using System.Text.Json.Nodes;
using Trunkline.Operations.Cluster;
using Trunkline.Operations.Findings;
using Trunkline.Operations.Objects;
using Trunkline.Operations.Platforms;

namespace Trunkline.Operations.Enable;

/// <summary>What will be changed to switch SCTP on or off, what that does to nodes and Pods, and what stands in the way. From objects alone.</summary>
public sealed record ModulePlan
{
    /// <summary>What the cluster is.</summary>
    public required ClusterPlatform Platform { get; init; }

    /// <summary>By what it is done.</summary>
    public required ModuleMethod Method { get; init; }

    /// <summary>Whether the module is switched off.</summary>
    public bool Off { get; init; }

    /// <summary>What is created, in order.</summary>
    public IReadOnlyList<JsonObject> Creates { get; init; } = [];

    /// <summary>The MachineConfigs that are deleted.</summary>
    public IReadOnlyList<string> Deletes { get; init; } = [];

    /// <summary>The MachineConfigs that carry both files already.</summary>
    public IReadOnlyList<string> Carriers { get; init; } = [];

    /// <summary>The pools whose nodes are meant.</summary>
    public IReadOnlyList<PoolPlan> Pools { get; init; } = [];

    /// <summary>The nodes whose module is proven in the end.</summary>
    public IReadOnlyList<string> Nodes { get; init; } = [];

    /// <summary>What stands in the way: errors have to be removed first, warnings are worth a look.</summary>
    public IReadOnlyList<Finding> Obstacles { get; init; } = [];

    /// <summary>What the drains delete for good.</summary>
    public IReadOnlyList<PodLoss> Losses { get; init; } = [];

    /// <summary>What a person has to do.</summary>
    public IReadOnlyList<PlatformInstruction> Instructions { get; init; } = [];

    /// <summary>The image of Pods that are started on nodes.</summary>
    public string Image { get; init; } = "";

    /// <summary>Whether there is nothing to change, only to prove (or to wait for).</summary>
    public bool NothingToDo => Creates.Count == 0 && Deletes.Count == 0 && Instructions.Count == 0 && Pools.All(pool => pool.Done || !pool.Changes);

    /// <summary>The kinds of objects that a plan is made from.</summary>
    public static IReadOnlyList<ResourceKind> Kinds { get; } = [.. ClusterProfile.Kinds, ResourceKinds.MachineConfig, ResourceKinds.Pod, ResourceKinds.PodDisruptionBudget];

    /// <summary>Makes the plan.</summary>
    public static ModulePlan Of(ClusterObjects objects, EnableOptions options)
    {
        var platform = ClusterPlatform.Of(objects);
        return platform.Kind switch
        {
            PlatformKind.OpenShiftHosted => HostedPlanner.Plan(objects, platform, options),
            _ when platform.HasMachineConfigs => new PoolPlanner(objects, platform, options).Plan(),
            _ => new NodePlanner(objects, platform, options).Plan(),
        };
    }
}
