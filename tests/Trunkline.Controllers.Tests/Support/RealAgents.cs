using System.Globalization;
using System.Text.Json.Nodes;
using k8s.Autorest;
using k8s.Models;
using Trunkline.Controllers.Client;

namespace Trunkline.Controllers.Tests.Support;

/// <summary>What <see cref="FakeAgents"/> is to the API in memory, through the API: nodes, Pods and machine config daemons of a real server.</summary>
internal sealed class RealAgents(ClusterClient client)
{
    private const string Prefix = "machineconfiguration.openshift.io/";

    private readonly Dictionary<string, DateTimeOffset> _renewed = [];
    private int _addresses = 4;

    public List<string> Rebooted { get; } = [];

    public int MostCordoned { get; private set; }

    /// <summary>Whether deleted Pods end; a real one may take its whole grace period.</summary>
    public bool EndsPods { get; set; } = true;

    /// <summary>A node whose agent says nothing any more; empty for none.</summary>
    public string Silent { get; set; } = "";

    public async Task RegisterAsync(V1Node node, CancellationToken token)
    {
        var status = node.Status;
        node.Status = null;
        var made = await client.CreateAsync(ResourceTypes.Nodes, node, token);
        for (var posted = false; !posted;)
        {
            try
            {
                made.Status = status;
                await client.ReplaceStatusAsync(ResourceTypes.Nodes, made, token);
                posted = true;
            }
            catch (HttpOperationException e) when (ApiErrors.IsConflict(e))
            {
                // A controller gave the node its addresses meanwhile.
                made = await client.GetAsync<V1Node>(ResourceTypes.Nodes, made.Key(), token);
            }
        }
    }

    public async Task RunAsync(CancellationToken token)
    {
        while (!token.IsCancellationRequested)
        {
            try
            {
                await StepAsync(token);
                await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, token);
            }
            catch (Exception e) when (token.IsCancellationRequested || ApiErrors.IsConflict(e) || ApiErrors.IsNotFound(e))
            {
                // Outrun: the next round sees what is.
                continue;
            }
        }
    }

    private async Task StepAsync(CancellationToken token)
    {
        foreach (var pod in (await client.ListAsync<V1Pod>(ResourceTypes.Pods, null, token)).Items.Where(p => !string.IsNullOrEmpty(p.Spec.NodeName) && p.Spec.NodeName != Silent))
        {
            await StepAsync(ResourceTypes.Pods.Stamp(pod), token);
        }

        var nodes = (await client.ListAsync<V1Node>(ResourceTypes.Nodes, null, token)).Items;
        MostCordoned = Math.Max(MostCordoned, nodes.Count(n => n.IsUnschedulable()));
        foreach (var node in nodes.Where(n => n.Metadata.Name != Silent))
        {
            await RenewAsync(node, token);
            await StepAsync(node, token);
        }
    }

    // Says that it lives, every half second, and that the node is ready where somebody says otherwise.
    private async Task RenewAsync(V1Node node, CancellationToken token)
    {
        var (name, now) = (node.Metadata.Name, TimeProvider.System.GetUtcNow());
        if (_renewed.TryGetValue(name, out var last) && now - last < TimeSpan.FromMilliseconds(500))
        {
            return;
        }

        _renewed[name] = now;
        var key = new ObjectKey("kube-node-lease", name);
        try
        {
            var patch = new JsonObject { ["spec"] = new JsonObject { ["renewTime"] = now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture) } };
            await client.PatchAsync<V1Lease>(ResourceTypes.Leases, key, patch, token);
        }
        catch (HttpOperationException e) when (ApiErrors.IsNotFound(e))
        {
            var spec = new V1LeaseSpec { HolderIdentity = name, LeaseDurationSeconds = 40, RenewTime = now.UtcDateTime };
            await client.CreateAsync(ResourceTypes.Leases, new V1Lease { Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = key.Namespace }, Spec = spec }, token);
        }

        if (node.Condition("Ready") is { Status: "Unknown" } ready)
        {
            ready.Status = "True";
            await client.ReplaceStatusAsync(ResourceTypes.Nodes, node, token);
        }
    }

    private async Task StepAsync(V1Pod pod, CancellationToken token)
    {
        if (pod.IsDeleting())
        {
            if (!EndsPods)
            {
                return;
            }

            await client.DeleteAsync(ResourceTypes.Pods, pod.Key(), pod.Metadata.Uid, token, gracePeriodSeconds: 0);
        }
        else if (pod.Status?.Phase is null or "Pending" || !pod.IsReady())
        {
            var ip = pod.Status?.PodIP ?? $"10.128.2.{_addresses++}";
            pod.Status = new V1PodStatus
            {
                Phase = "Running",
                PodIP = ip,
                PodIPs = [new V1PodIP { Ip = ip }],
                Conditions = [new V1PodCondition { Type = "Ready", Status = "True", LastTransitionTime = Make.Noon }],
            };
            await client.ReplaceStatusAsync(ResourceTypes.Pods, pod, token);
        }
    }

    private async Task StepAsync(V1Node node, CancellationToken token)
    {
        var (current, desired, state) = (node.Annotation(Prefix + "currentConfig"), node.Annotation(Prefix + "desiredConfig"), node.Annotation(Prefix + "state"));
        if (desired is null)
        {
            return;
        }

        if (current == desired)
        {
            await (state == "Done" ? Task.CompletedTask : AnnotateAsync(node, new JsonObject { [Prefix + "state"] = "Done" }, token));
        }
        else if (state != "Working")
        {
            await AnnotateAsync(node, new JsonObject { [Prefix + "state"] = "Working", [Prefix + "desiredDrain"] = $"drain-{desired}" }, token);
        }
        else if (node.Annotation(Prefix + "lastAppliedDrain") == $"drain-{desired}")
        {
            Assert.True(node.IsUnschedulable());
            Rebooted.Add(node.Metadata.Name);
            await AnnotateAsync(node,
                new JsonObject { [Prefix + "state"] = "Done", [Prefix + "currentConfig"] = desired, [Prefix + "desiredDrain"] = $"uncordon-{desired}" }, token);
        }
    }

    private Task<V1Node> AnnotateAsync(V1Node node, JsonObject annotations, CancellationToken token) =>
        client.PatchAsync<V1Node>(ResourceTypes.Nodes, node.Key(), new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = annotations } }, token);
}
