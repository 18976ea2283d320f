using System.Globalization;
using System.Text.Json.Nodes;
using Trunkline.ApiServer.Errors;
using Trunkline.ApiServer.Kinds;
using Trunkline.ApiServer.Storage;
using Trunkline.ApiServer.Validation.Selectors;

namespace Trunkline.ApiServer.Registry;

/// <summary>pods/eviction: deletes a Pod unless a PodDisruptionBudget forbids it (policy/v1; registry/core/pod/storage/eviction.go).</summary>
internal static class Evictor
{
    private const string Refusal = "Cannot evict pod as it would violate the pod's disruption budget.";
    private static readonly ResourceKind Budgets = KindCatalog.Find("policy", "v1", "poddisruptionbudgets")!;

    public static void Evict(WriteSession session, WriteRequest request, DeleteOptions options)
    {
        var pod = Documents.Read(request.Kind, Updater.Find(session, request));
        if (!MayGoFreely(pod))
        {
            Ask(session, request, pod, options);
        }

        Deleter.Delete(session, request, options);
    }

    private static bool MayGoFreely(JsonObject pod) => pod.IsDeleting() || ObjectMetadata.Text(pod["status"]?["phase"]) is "Succeeded" or "Failed" or "Pending";

    private static void Ask(WriteSession session, WriteRequest request, JsonObject pod, DeleteOptions options)
    {
        var labels = pod.Metadata()["labels"] as JsonObject;
        var budgets = session.State.List(Budgets.Storage, request.Namespace)
            .Where(b => b.Parse()["spec"]?["selector"] is JsonObject selector && LabelMatcher.Matches(selector, labels)).ToList();
        switch (budgets)
        {
            case []:
                return;
            case [var stored]:
                Take(session, request, pod, stored, options);
                return;
            default:
                throw new ApiStatusException(500, "InternalError", "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.");
        }
    }

    private static void Take(WriteSession session, WriteRequest request, JsonObject pod, StoredObject stored, DeleteOptions options)
    {
        var budget = stored.Parse();
        var status = budget["status"] as JsonObject ?? [];
        var allowed = Number(status, "disruptionsAllowed");
        if (!IsReady(pod))
        {
            // A Pod that serves nobody may go: always, or while enough others are healthy.
            var policy = ObjectMetadata.Text(budget["spec"]?["unhealthyPodEvictionPolicy"]);
            if (policy == "AlwaysAllow" || (Number(status, "currentHealthy") >= Number(status, "desiredHealthy") && Number(status, "desiredHealthy") > 0))
            {
                return;
            }
        }

        if (Number(status, "observedGeneration") < ((long?)budget.Metadata()["generation"] ?? 0))
        {
            throw TooMany($"The disruption budget {stored.Key.Name} is still being processed by the server.", 10);
        }

        if (allowed < 0)
        {
            throw StatusErrors.Forbidden(Budgets, stored.Key.Name, "pdb disruptions allowed is negative");
        }

        if (allowed == 0)
        {
            throw TooMany(
                $"The disruption budget {stored.Key.Name} needs {Number(status, "desiredHealthy")} healthy pods and has {Number(status, "currentHealthy")} currently", null);
        }

        if (!options.DryRun)
        {
            status["disruptionsAllowed"] = allowed - 1;
            var disrupted = status["disruptedPods"] as JsonObject ?? [];
            disrupted[request.Name] = ObjectMetadata.Rfc3339(request.Now);
            status["disruptedPods"] = disrupted;
            budget["status"] = status;
            session.Put(stored.Key, budget);
        }
    }

    private static bool IsReady(JsonObject pod) => (pod["status"]?["conditions"] as JsonArray ?? [])
        .Any(c => ObjectMetadata.Text(c?["type"]) == "Ready" && ObjectMetadata.Text(c?["status"]) == "True");

    private static long Number(JsonObject status, string field) =>
        status[field] is JsonValue value && long.TryParse(value.ToJsonString(), CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static ApiStatusException TooMany(string why, int? retry)
    {
        var details = new JsonObject { ["causes"] = new JsonArray(new JsonObject { ["reason"] = "DisruptionBudget", ["message"] = why }) };
        if (retry is { } seconds)
        {
            details["retryAfterSeconds"] = seconds;
        }

        return new ApiStatusException(429, "TooManyRequests", Refusal, details) { RetryAfterSeconds = retry };
    }
}
