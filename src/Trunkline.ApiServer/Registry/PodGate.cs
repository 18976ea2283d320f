using System.Text.Json.Nodes;
using Trunkline.ApiServer.Errors;
using Trunkline.ApiServer.Kinds.Strategies.Pods;
using Trunkline.ApiServer.Storage;
using Trunkline.ApiServer.Validation.Fields;

namespace Trunkline.ApiServer.Registry;

/// <summary>Admission of new Pods: their service account must be there, and classes that they name must be known (ServiceAccount, Priority, RuntimeClass).</summary>
internal static class PodGate
{
    private const string Annotation = "kubernetes.io/config.mirror";

    // As the real plugin: a namespace's account "default" is made by a controller, which may be a moment behind.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(1500);

    // Every cluster has these two from the beginning.
    private static readonly Dictionary<string, int> Priorities = new(StringComparer.Ordinal)
    {
        ["system-cluster-critical"] = 2_000_000_000,
        ["system-node-critical"] = 2_000_001_000,
    };

    /// <summary>Waits for the account <c>default</c> of a namespace, where a Pod asks for it and it is not there yet.</summary>
    public static async Task WaitAsync(ObjectStore store, WriteRequest request, JsonObject pod, TimeProvider clock, CancellationToken aborted)
    {
        if (request.Kind is not { Group: "", Kind: "Pod" } || Account(pod) != "default" || IsMirror(pod))
        {
            return;
        }

        using var ended = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ended.Token, aborted);
        var at = store.State.Revision;
        while (store.State.Get(new ObjectKey("namespaces", "", request.Namespace)) is not null && Find(store.State.Get, request, "default") is null)
        {
            try
            {
                var batch = store.Log.After(at);
                at = batch?.Upto ?? store.State.Revision;
                await (batch?.More ?? Task.CompletedTask).WaitAsync(either.Token);
            }
            catch (OperationCanceledException) when (ended.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>Refuses the Pod, or adds what admission adds.</summary>
    public static void Admit(WriteSession session, WriteRequest request, JsonObject pod)
    {
        var name = pod.Name().Length > 0 ? pod.Name() : ObjectMetadata.Text(pod.Metadata()["generateName"]);
        var account = IsMirror(pod) ? null : Find(session.Get, request, Account(pod)) ?? throw StatusErrors.Forbidden(
            request.Kind, name, $"error looking up service account {request.Namespace}/{Account(pod)}: serviceaccount \"{Account(pod)}\" not found");
        var spec = pod.Child("spec");
        Priority(request, name, spec);
        if (spec.Text("runtimeClassName") is { Length: > 0 } runtime)
        {
            throw StatusErrors.Forbidden(request.Kind, name, $"pod rejected: RuntimeClass \"{runtime}\" not found");
        }

        if (spec.Has("overhead"))
        {
            throw StatusErrors.Forbidden(request.Kind, name, "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead");
        }

        PodAdmission.Apply(pod, account, PodLife.Suffix);
    }

    private static void Priority(WriteRequest request, string name, JsonObject spec)
    {
        var priority = 0;
        if (spec.Text("priorityClassName") is { Length: > 0 } named && !Priorities.TryGetValue(named, out priority))
        {
            throw StatusErrors.Forbidden(request.Kind, name, $"no PriorityClass with name {named} was found");
        }

        if (spec.Int("priority") is { } given && given != priority)
        {
            throw StatusErrors.Forbidden(
                request.Kind, name, $"the integer value of priority ({given}) must not be provided in pod spec; priority admission controller computed {priority} from the given PriorityClass name");
        }

        if (spec.Text("preemptionPolicy") == "Never")
        {
            throw StatusErrors.Forbidden(
                request.Kind,
                name,
                "the string value of PreemptionPolicy (Never) must not be provided in pod spec; priority admission controller computed PreemptLowerPriority from the given PriorityClass name");
        }

        spec["priority"] = priority;
    }

    private static string Account(JsonObject pod) => pod.Obj("spec").Text("serviceAccountName") is { Length: > 0 } name ? name : "default";

    private static bool IsMirror(JsonObject pod) => pod.Obj("metadata").Obj("annotations").Has(Annotation);

    private static JsonObject? Find(Func<ObjectKey, StoredObject?> get, WriteRequest request, string name) =>
        get(new ObjectKey("serviceaccounts", request.Namespace, name))?.Parse();
}
