using System.Text.Json.Nodes;
using Trunkline.Operations.Cluster;
using Trunkline.Operations.Findings;
using Trunkline.Operations.Objects;
using Trunkline.Operations.Platforms;

namespace Trunkline.Operations.Enable;

/// <summary>The plan for clusters without a Machine Config Operator: a DaemonSet for the nodes that let it, instructions for the others. Pure.</summary>
internal sealed class NodePlanner(ClusterObjects objects, ClusterPlatform platform, EnableOptions options)
{
    private const string Hostname = "kubernetes.io/hostname";

    public ModulePlan Plan()
    {
        var meant = objects.Of(ResourceKinds.Node).Where(IsMeant).ToList();
        var groups = meant.GroupBy(node => NodeInstructions.For(platform, node)).ToList();
        var byDaemonSet = groups.Where(group => group.Key is null).SelectMany(group => group).ToList();
        var instructions = groups.Where(group => group.Key is not null).Select(group => NodeInstructions.Write(group.Key!.Value, [.. group], options.Off)).OrderBy(item => item.Title, StringComparer.Ordinal).ToList();
        var provable = meant.Where(node => NodeInstructions.For(platform, node) != NodeInstruction.NoKernel).Select(node => node.Name).ToList();
        var (image, present) = NodeImages.Choose(objects, platform, provable, options.Image);
        var manifests = byDaemonSet.Count == 0 ? [] : LoaderManifests.All(platform, image, Terms([.. meant.Except(byDaemonSet)]), options.Off);
        return new ModulePlan
        {
            Platform = platform,
            Method = byDaemonSet.Count > 0 ? ModuleMethod.DaemonSet : ModuleMethod.Instructions,
            Off = options.Off,
            Creates = AsDesired(manifests) ? [] : manifests,
            Nodes = provable,
            Instructions = instructions,
            Obstacles = Finding.Ordered(Obstacles(meant, byDaemonSet.Count > 0, image, present)),
            Image = image,
        };
    }

    // Without a role: every node with Linux that takes workloads.
    private bool IsMeant(ClusterObject node) => node.Label("kubernetes.io/os") != "windows" && (options.Roles.Count == 0 ? TakesWorkloads(node) : options.Roles.Any(role => HasRole(node, role)));

    private static bool TakesWorkloads(ClusterObject node) => PlatformDetection.TakesWorkloads(node);

    private static bool HasRole(ClusterObject node, string role) => role switch
    {
        "worker" => TakesWorkloads(node),
        "master" or "control-plane" => PlatformDetection.IsControlPlane(node),
        _ => PlatformDetection.HasLabel(node, $"node-role.kubernetes.io/{role}"),
    };

    // The terms are alternatives; each leaves out what the DaemonSet cannot do.
    private JsonArray Terms(IReadOnlyList<ClusterObject> leftOut)
    {
        var roles = options.Roles.Count == 0 ? ["worker"] : options.Roles;
        return new JsonArray([.. roles.Select(role => (JsonNode)new JsonObject { ["matchExpressions"] = new JsonArray([.. Expressions(role, leftOut)]) })]);
    }

    private IEnumerable<JsonNode> Expressions(string role, IReadOnlyList<ClusterObject> leftOut)
    {
        yield return Expression("kubernetes.io/os", "In", "linux");
        switch (role)
        {
            case "worker" when objects.Of(ResourceKinds.Node).Any(node => PlatformDetection.IsControlPlane(node) && !TakesWorkloads(node)):
                yield return Expression("node-role.kubernetes.io/control-plane", "DoesNotExist");
                yield return Expression("node-role.kubernetes.io/master", "DoesNotExist");
                break;
            case "worker":
                break;
            case "master" or "control-plane":
                yield return Expression("node-role.kubernetes.io/control-plane", "Exists");
                break;
            default:
                yield return Expression($"node-role.kubernetes.io/{role}", "Exists");
                break;
        }

        if (leftOut.Count > 0)
        {
            yield return Expression(Hostname, "NotIn", [.. leftOut.Select(node => node.Label(Hostname) ?? node.Name)]);
        }
    }

    private static JsonObject Expression(string key, string op, params string[] values)
    {
        var expression = new JsonObject { ["key"] = key, ["operator"] = op };
        if (values.Length > 0)
        {
            expression["values"] = new JsonArray([.. values.Select(value => (JsonNode)value)]);
        }

        return expression;
    }

    // The API server adds defaults, so it is the parts that matter that are compared.
    private bool AsDesired(IReadOnlyList<JsonObject> manifests)
    {
        if (manifests is not [.., var wanted] || !objects.TryFind(ResourceKinds.DaemonSet, LoaderManifests.Namespace, LoaderManifests.Name, out var found))
        {
            return false;
        }

        static JsonNode? Pod(JsonNode set) => set["spec"].Field("template").Field("spec");
        static JsonNode? Container(JsonNode set) => Pod(set).Field("containers").Objects().FirstOrDefault();
        return JsonNode.DeepEquals(Pod(wanted).Field("affinity"), Pod(found.Document).Field("affinity"))
            && JsonNode.DeepEquals(Container(wanted).Field("command"), Container(found.Document).Field("command"))
            && JsonNode.DeepEquals(Container(wanted).Field("env"), Container(found.Document).Field("env"))
            && Container(wanted).Field("image").AsText() == Container(found.Document).Field("image").AsText();
    }

    private IEnumerable<Finding> Obstacles(List<ClusterObject> meant, bool loads, string image, bool present)
    {
        if (meant.Count == 0)
        {
            yield return objects.WasRead(ResourceKinds.Node)
                ? new Finding("enable-no-nodes", Severity.Error, options.Roles.Count > 0 ? $"no node has the role {string.Join(" or ", options.Roles)}." : "no node takes workloads.")
                : new Finding("enable-unread", Severity.Error, "nodes could not be read.") { Fix = "`trunkline rbac enable` prints the Role that grants it." };
        }

        if (loads && !present && options.Image is null)
        {
            yield return new Finding("enable-image", Severity.Warning, $"no image with a shell is known to be on every node: {image} will be pulled.") { Fix = "Name one that your nodes can pull with --image." };
        }

        if (loads && !options.Off && platform.Kind is PlatformKind.Eks or PlatformKind.Aks or PlatformKind.Gke or PlatformKind.Managed)
        {
            yield return new Finding("enable-managed-nodes", Severity.Info, "the provider replaces nodes: the DaemonSet stays, and does each new node when it joins.");
        }

        foreach (var limit in ClusterProfile.Of(objects).Limits.Where(limit => limit.Severity == Severity.Error && limit.Area != LimitArea.Policies && !options.Off))
        {
            yield return new Finding(limit.Id, Severity.Warning, limit.Text) { Evidence = [limit.Source], Fix = limit.Remedy };
        }
    }
}
