using System.Net;
using System.Text.Json.Nodes;
using Trunkline.Operations.Access;
using Trunkline.Operations.Cluster;
using Trunkline.Operations.Objects;
using Trunkline.Operations.Platforms;

namespace Trunkline.Operations.Enable;

/// <summary>Carries a plan out: applies it, waits for the nodes, and proves the module on each. May be interrupted anywhere and begun again: each part looks at what is there.</summary>
/// <param name="api">The cluster.</param>
/// <param name="time">The clock.</param>
/// <param name="observer">Is told how it goes on.</param>
public sealed class ModuleRun(ClusterApi api, TimeProvider time, IModuleObserver observer)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_cleanup = TimeSpan.FromSeconds(10);

    /// <summary>Carries it out.</summary>
    /// <param name="plan">The plan; its obstacles are the caller's affair.</param>
    /// <param name="timeout">How long to wait for nodes.</param>
    /// <param name="cancel">Stops waiting; what was applied stays, and goes on by itself.</param>
    /// <exception cref="ClusterException">A right is missing, or the server refused.</exception>
    public async Task<ModuleResult> RunAsync(ModulePlan plan, TimeSpan timeout, CancellationToken cancel)
    {
        var command = plan.Off ? "disable" : "enable";
        await ApplyAsync(plan, command, cancel);
        var failure = plan.Method switch
        {
            ModuleMethod.MachineConfig => await new RolloutWait(ReadAsync, observer, time).RunAsync(plan, timeout, cancel),
            ModuleMethod.DaemonSet => await DaemonSetAsync(command, timeout, cancel),
            _ => null,
        };
        if (failure is not null)
        {
            return new ModuleResult(failure, []);
        }

        var proofs = await ProveAsync(plan, command, cancel);
        var wanted = plan.Off ? ModuleState.Off : ModuleState.Loaded;
        var others = proofs.Where(proof => proof.State != wanted).Select(proof => $"{proof.Node} ({proof.Evidence})").ToList();
        return new ModuleResult(others.Count == 0 ? null : $"not proven {(plan.Off ? "off" : "loaded")} on {string.Join(", ", others)}{(plan.Instructions.Count > 0 ? "; follow the instructions, then run this again" : "")}", proofs);
    }

    private async Task ApplyAsync(ModulePlan plan, string command, CancellationToken cancel)
    {
        // A NodePool's ConfigMap belongs to another cluster.
        foreach (var manifest in plan.Method == ModuleMethod.NodePool ? [] : plan.Creates)
        {
            await CreateAsync(manifest, command, cancel);
        }

        foreach (var name in plan.Deletes)
        {
            var answer = await api.DeleteAsync($"{ResourceKinds.MachineConfig.Collection(null)}/{name}", cancel);
            if (answer.StatusCode != HttpStatusCode.NotFound)
            {
                answer.Granted("delete", ResourceKinds.MachineConfig, null, command);
                observer.Say($"MachineConfig {name} deleted");
            }
        }
    }

    private async Task CreateAsync(JsonObject manifest, string command, CancellationToken cancel)
    {
        var kind = ResourceKinds.Of(manifest["apiVersion"].AsText()!, manifest["kind"].AsText()!) ?? ResourceKinds.RoleBinding;
        var path = new ResourcePath(kind.Collection(manifest["metadata"].Field("namespace").AsText()), manifest["metadata"].Field("name").AsText()!);
        var answer = await api.CreateAsync(path, manifest, FieldValidation.Strict, cancel);
        if (answer.StatusCode == HttpStatusCode.Conflict)
        {
            if (manifest["spec"] is JsonObject spec)
            {
                (await api.MergePatchAsync(path.Path, new JsonObject { ["spec"] = spec.DeepClone() }, cancel)).Granted("patch", kind, manifest["metadata"].Field("namespace").AsText(), command);
                observer.Say($"{kind.Name} {path.Name} changed");
            }

            return;
        }

        answer.Granted("create", kind, manifest["metadata"].Field("namespace").AsText(), command);
        observer.Say($"{kind.Name} {path.Name} created");
    }

    private Task<ClusterObjects> ReadAsync(CancellationToken cancel) => LiveObjects.ReadAsync(api, [ResourceKinds.MachineConfigPool, ResourceKinds.Node], null, null, cancel);

    private async Task<string?> DaemonSetAsync(string command, TimeSpan timeout, CancellationToken cancel)
    {
        var start = time.GetTimestamp();
        var path = $"{ResourceKinds.DaemonSet.Collection(LoaderManifests.Namespace)}/{LoaderManifests.Name}";
        string? said = null;
        while (true)
        {
            var set = (await api.GetAsync(path, cancel)).Granted("get", ResourceKinds.DaemonSet, LoaderManifests.Namespace, command);
            long Count(string field) => set["status"].Field(field).AsNumber() ?? 0;
            var (wanted, updated, ready) = (Count("desiredNumberScheduled"), Count("updatedNumberScheduled"), Count("numberReady"));
            var observed = Count("observedGeneration") >= (set["metadata"].Field("generation").AsNumber() ?? 0);
            if (observed && wanted > 0 && updated == wanted && ready == wanted)
            {
                return null;
            }

            var stands = $"DaemonSet {LoaderManifests.Name}: ready on {(observed ? ready : 0)} of {wanted} nodes";
            if (stands != said)
            {
                observer.Say(said = stands);
            }

            if (time.GetElapsedTime(start) >= timeout)
            {
                return $"{stands} after {timeout.TotalMinutes:0} min{await WordsAsync(cancel)}";
            }

            await Task.Delay(s_interval, time, cancel);
        }
    }

    // What the Pods that are not ready have said last: modprobe's own words.
    private async Task<string> WordsAsync(CancellationToken cancel)
    {
        var pods = (await api.GetAsync($"{ResourceKinds.Pod.Collection(LoaderManifests.Namespace)}?labelSelector=app.kubernetes.io%2Fname%3D{LoaderManifests.Name}", cancel)).Body["items"].Objects()
            .Where(pod => !pod["status"].Field("conditions").Objects().Any(condition => condition["type"].AsText() == "Ready" && condition["status"].AsText() == "True")).Take(5);
        var words = new List<string>();
        foreach (var pod in pods)
        {
            var log = await api.GetAsync($"{ResourcePath.Pod(LoaderManifests.Namespace, pod["metadata"].Field("name").AsText() ?? "").Path}/log?tailLines=3", cancel);
            var waiting = pod["status"].Field("containerStatuses").Objects().Select(container => container["state"].Field("waiting").Field("message").AsText()).FirstOrDefault(text => text is not null);
            words.Add($"{pod["spec"].Field("nodeName").AsText()}: {(waiting ?? log.Message).Trim().ReplaceLineEndings("; ")}");
        }

        return words.Count == 0 ? "" : $" ({string.Join(" | ", words)})";
    }

    private async Task<IReadOnlyList<NodeProof>> ProveAsync(ModulePlan plan, string command, CancellationToken cancel)
    {
        var ours = await NamespaceAsync(command, cancel);
        observer.Say($"proving {(plan.Nodes.Count == 1 ? plan.Nodes[0] : $"{plan.Nodes.Count} nodes")}");
        try
        {
            return await new ModuleProof(api, time, command).RunAsync(plan.Nodes, await ImageAsync(plan, cancel), plan.Platform.Kind == PlatformKind.Lab, cancel);
        }
        finally
        {
            if ((ours && plan.Method != ModuleMethod.DaemonSet) || (plan.Off && plan.Method == ModuleMethod.DaemonSet))
            {
                using var patience = new CancellationTokenSource(s_cleanup, time);
                await api.DeleteAsync($"{ResourceKinds.Namespace.Collection(null)}/{LoaderManifests.Namespace}", patience.Token);
            }
        }
    }

    // Whether it was made here. Whoever may not create namespaces works in one that was made for them (`trunkline rbac enable` has it).
    private async Task<bool> NamespaceAsync(string command, CancellationToken cancel)
    {
        var path = new ResourcePath(ResourceKinds.Namespace.Collection(null), LoaderManifests.Namespace);
        while (true)
        {
            var made = await api.CreateAsync(path, LoaderManifests.NamespaceObject(), FieldValidation.Ignore, cancel);
            if (made.Succeeded)
            {
                return true;
            }

            var there = await api.GetAsync(path.Path, cancel);
            if (made.StatusCode == HttpStatusCode.Forbidden ? there.StatusCode != HttpStatusCode.NotFound : there.Succeeded && there.Body["status"].Field("phase").AsText() != "Terminating")
            {
                return false;
            }

            if (made.StatusCode != HttpStatusCode.Conflict)
            {
                made.Granted("create", ResourceKinds.Namespace, null, command);
            }

            await Task.Delay(s_interval, time, cancel); // a run before this one left it, and it is on its way out
        }
    }

    // The registry inside the cluster is often removed on bare metal: the tag knows where the image really is.
    private async Task<string> ImageAsync(ModulePlan plan, CancellationToken cancel)
    {
        if (plan.Image != NodeImages.OpenShiftTools)
        {
            return plan.Image;
        }

        var tag = await api.GetAsync($"{ResourceKinds.ImageStreamTag.Collection("openshift")}/tools:latest", cancel);
        return tag.Body["image"].Field("dockerImageReference").AsText() ?? plan.Image;
    }
}
