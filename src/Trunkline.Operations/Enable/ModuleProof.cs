using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Trunkline.Operations.Access;
using Trunkline.Operations.Cluster;

namespace Trunkline.Operations.Enable;

/// <summary>Proves the module on nodes: on each, a Pod without any privilege reads what its kernel says, and is gone again.</summary>
internal sealed class ModuleProof(ClusterApi api, TimeProvider time, string command)
{
    // A Pod whose image has to be pulled over a slow line takes its time; one that has not come by then will not.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_cleanup = TimeSpan.FromSeconds(10);
    private const int AtOnce = 16;

    /// <summary>Looks at all nodes, at most sixteen at a time.</summary>
    public async Task<IReadOnlyList<NodeProof>> RunAsync(IReadOnlyList<string> nodes, string image, bool onLab, CancellationToken cancel)
    {
        var proofs = new NodeProof[nodes.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel };
        await Parallel.ForAsync(0, nodes.Count, parallel, async (at, stop) => proofs[at] = await OfAsync(nodes[at], image, onLab, stop));
        return proofs;
    }

    private async Task<NodeProof> OfAsync(string node, string image, bool onLab, CancellationToken cancel)
    {
        var path = ResourcePath.Pod(LoaderManifests.Namespace, NameFor(node));
        try
        {
            await CreateAsync(path, node, image, cancel);
            var (ended, why) = await EndedAsync(path, cancel);
            if (!ended)
            {
                return new NodeProof(node, ModuleState.Unknown, why);
            }

            var log = await api.GetAsync($"{path.Path}/log", cancel);
            var output = log.StatusCode == HttpStatusCode.Forbidden
                ? throw new ClusterException(MissingRight.Sentence("get", ResourceKinds.Pod, LoaderManifests.Namespace, command, "log"))
                : log.Message;
            var (state, evidence) = ModuleEvidence.Read(output, onLab ? await LabModuleAsync(node, cancel) : null);
            return new NodeProof(node, state, evidence);
        }
        finally
        {
            using var patience = new CancellationTokenSource(s_cleanup, time);
            await api.DeleteAsync($"{path.Path}?gracePeriodSeconds=0", patience.Token);
        }
    }

    private async Task CreateAsync(ResourcePath path, string node, string image, CancellationToken cancel)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            var answer = await api.CreateAsync(path, Pod(path.Name, node, image), FieldValidation.Ignore, cancel);
            // A namespace's own service account comes a moment after it; a Pod of an interrupted run may still be on its way out.
            var soon = answer.StatusCode == HttpStatusCode.Conflict || (answer.StatusCode == HttpStatusCode.Forbidden && answer.Message.Contains("serviceaccount", StringComparison.OrdinalIgnoreCase));
            if (!soon || time.GetElapsedTime(start) > s_cleanup)
            {
                answer.Granted("create", ResourceKinds.Pod, LoaderManifests.Namespace, command);
                return;
            }

            if (answer.StatusCode == HttpStatusCode.Conflict)
            {
                await api.DeleteAsync($"{path.Path}?gracePeriodSeconds=0", cancel);
            }

            await Task.Delay(s_interval, time, cancel);
        }
    }

    private async Task<(bool Ended, string Why)> EndedAsync(ResourcePath path, CancellationToken cancel)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            var pod = (await api.GetAsync(path.Path, cancel)).Granted("get", ResourceKinds.Pod, LoaderManifests.Namespace, command);
            var status = pod["status"];
            if (status.Field("phase").AsText() is "Succeeded" or "Failed" && status.Field("containerStatuses").Objects().Any())
            {
                return (true, "");
            }

            if (status.Field("phase").AsText() == "Failed" || time.GetElapsedTime(start) > s_patience)
            {
                var waiting = status.Field("containerStatuses").Objects().Select(container => container["state"].Field("waiting")).FirstOrDefault(state => state is not null);
                var words = $"{(waiting.Field("reason") ?? status.Field("reason")).AsText()}: {(waiting.Field("message") ?? status.Field("message")).AsText()}".Trim(' ', ':');
                return (false, $"the Pod that was to look did not run{(words.Length > 0 ? $" ({words})" : "")}");
            }

            await Task.Delay(s_interval, time, cancel);
        }
    }

    private async Task<string> LabModuleAsync(string node, CancellationToken cancel) =>
        (await api.GetAsync($"{ResourceKinds.Node.Collection(null)}/{node}", cancel)).Expect($"reading node {node}")["metadata"].Field("annotations").Field("trunkline.dev/sctp-module").AsText() ?? "nothing";

    // A Pod's name has room for 63 characters, a node's has 253.
    private static string NameFor(string node) => $"sctp-proof-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(node)))[..12]}";

    private static JsonObject Pod(string name, string node, string image) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Pod",
        ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = new JsonObject { ["app.kubernetes.io/managed-by"] = "trunkline" } },
        ["spec"] = new JsonObject
        {
            ["nodeName"] = node,
            ["restartPolicy"] = "Never",
            ["terminationGracePeriodSeconds"] = 0,
            ["automountServiceAccountToken"] = false,
            ["tolerations"] = new JsonArray(new JsonObject { ["operator"] = "Exists" }),
            ["containers"] = new JsonArray(new JsonObject
            {
                ["name"] = "look",
                ["image"] = image,
                ["imagePullPolicy"] = "IfNotPresent",
                ["command"] = new JsonArray("sh", "-c", ModuleEvidence.Script),
                ["securityContext"] = new JsonObject
                {
                    ["allowPrivilegeEscalation"] = false,
                    ["capabilities"] = new JsonObject { ["drop"] = new JsonArray("ALL") },
                    ["seccompProfile"] = new JsonObject { ["type"] = "RuntimeDefault" },
                },
            }),
        },
    };
}
