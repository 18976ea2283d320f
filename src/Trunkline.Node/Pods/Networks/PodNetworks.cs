using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Trunkline.Node.Network.Links;
using Trunkline.Node.Network.Secondary;
using Trunkline.Node.Pods.State;

namespace Trunkline.Node.Pods.Networks;

/// <summary>Secondary networks of this node's Pods, from the annotation that asks for them to the one that tells what came of it.</summary>
internal sealed class PodNetworks(IKubernetes client, SecondaryLinks links, SecondaryPolicies policies, HostLocal hostLocal, ILogger logger)
{
    /// <summary>Attaches what the Pod asks for; on return its policies there are in force. The Pod's namespace is new.</summary>
    public async Task AttachAsync(V1Pod pod, PodRecord record, string netnsPath, CancellationToken cancellationToken)
    {
        record.Networks = [];
        var annotation = pod.Metadata.Annotations is { } annotations && annotations.TryGetValue(NetworkSelection.Annotation, out var text) ? text : null;
        var selections = NetworkSelectionReader.Read(annotation, record.Namespace);
        if (selections.Count == 0)
        {
            return;
        }

        // All are read before the first is made: what is refused leaves nothing half done.
        var wanted = new List<SecondaryLink>();
        foreach (var selection in selections)
        {
            wanted.Add(NetworkConfigReader.Read(selection, await ConfigAsync(selection, cancellationToken)));
        }

        wanted = [.. wanted.Select(link => link with { Addresses = [.. link.Addresses, .. hostLocal.Allocate(link.Network, link.Ranges, record.Uid, link.Interface)] })];
        foreach (var link in wanted)
        {
            await links.AttachAsync(link, record.Uid, netnsPath, cancellationToken);
        }

        record.Networks =
        [
            .. wanted.Select(link => new AttachedNetwork(link.Network, link.Interface, [.. link.Addresses.Select(item => $"{item.Address}")], SecondaryCommands.Text(link.MacOf(record.Uid)))
            {
                DefaultRoute = [.. link.DefaultRoute.Select(gateway => $"{gateway}")],
            }),
        ];
        await policies.EnsureAsync(NetworkedPod.Of(pod, record.Networks, record.Ips), netnsPath, cancellationToken);
        await PublishAsync(record, Status(record), cancellationToken);
    }

    /// <summary>The interfaces have stayed with the namespace; policies go on by this agent.</summary>
    public async Task RestoreAsync(V1Pod pod, PodRecord record, string netnsPath, CancellationToken cancellationToken)
    {
        if (record.Networks.Count == 0)
        {
            return;
        }

        var routes = record.Networks.SelectMany(network => SecondaryCommands.DefaultRoutes(network.Interface, network.DefaultRoute.Select(IPAddress.Parse))).ToList();
        if (routes.Count > 0)
        {
            await NamespaceCommand.IpAsync(netnsPath, routes, cancellationToken);
        }

        await policies.EnsureAsync(NetworkedPod.Of(pod, record.Networks, record.Ips), netnsPath, cancellationToken);
    }

    /// <summary>
    /// Others find the Pod's addresses by the annotation, policies too: where it says anything else, it is written again. Nothing waits for it: a Pod whose API server is away runs on.
    /// </summary>
    public async Task TellAsync(V1Pod pod, PodRecord record, CancellationToken cancellationToken)
    {
        if (record.Networks.Count == 0 || NetworkStatus.Of(pod) == Status(record))
        {
            return;
        }

        try
        {
            await PublishAsync(record, Status(record), cancellationToken);
        }
        catch (Exception exception) when (exception is HttpOperationException or HttpRequestException or IOException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            SecondaryLog.NotTold(logger, record.Namespace, record.Name, exception.Message);
        }
    }

    public void Forget(PodRecord record) => policies.Forget(record.Uid);

    /// <summary>Its namespace has gone: others may have its addresses.</summary>
    public void Release(PodRecord record) => hostLocal.Release(record.Uid);

    private static string Status(PodRecord record) => NetworkStatus.Write(record.Ips, SecondaryCommands.Text(PodLinkName.PodSide(record.Uid)), record.Networks);

    private async Task<string?> ConfigAsync(NetworkSelection selection, CancellationToken cancellationToken)
    {
        try
        {
            var definition = await client.CustomObjects.GetNamespacedCustomObjectAsync<JsonElement>(
                "k8s.cni.cncf.io", "v1", selection.Namespace, "network-attachment-definitions", selection.Name, cancellationToken);
            return definition.TryGetProperty("spec", out var spec) && spec.TryGetProperty("config", out var config) ? config.GetString() : null;
        }
        catch (HttpOperationException exception) when (exception.Response.StatusCode == HttpStatusCode.NotFound)
        {
            throw new NetworkAttachmentException(
                $"cannot find a network-attachment-definition ({selection.Name}) in namespace ({selection.Namespace}); create it, or mend the annotation {NetworkSelection.Annotation}.", exception);
        }
    }

    // The UID keeps a successor of the same name from being told what is not its own.
    private async Task PublishAsync(PodRecord record, string status, CancellationToken cancellationToken)
    {
        var patch = new JsonObject { ["metadata"] = new JsonObject { ["uid"] = record.Uid, ["annotations"] = new JsonObject { [NetworkStatus.Annotation] = status } } };
        await client.CoreV1.PatchNamespacedPodAsync(new V1Patch(patch.ToJsonString(), V1Patch.PatchType.MergePatch), record.Name, record.Namespace, cancellationToken: cancellationToken);
    }
}
