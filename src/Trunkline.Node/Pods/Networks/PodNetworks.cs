using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Trunkline.Node.Network.Links;
using Trunkline.Node.Network.Secondary;
using Trunkline.Node.Pods.State;
using Records = Trunkline.Node.Network.Cluster.Records;

namespace Trunkline.Node.Pods.Networks;

/// <summary>Secondary networks of this node's Pods, from the annotation that asks for them to the one that tells what came of it.</summary>
internal sealed class PodNetworks(IKubernetes client, SecondaryLinks links, SecondaryPolicies policies)
{
    /// <summary>Attaches what the Pod asks for; on return its policies there are in force. The Pod's namespace is new.</summary>
    public async Task AttachAsync(V1Pod pod, PodRecord record, string netnsPath, IReadOnlyList<string> podIps, CancellationToken cancellationToken)
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

        foreach (var link in wanted)
        {
            await links.AttachAsync(link, record.Uid, netnsPath, cancellationToken);
        }

        record.Networks =
        [
            .. wanted.Select(link => new AttachedNetwork(link.Network, link.Interface, [.. link.Addresses.Select(item => $"{item.Address}")], SecondaryCommands.Text(link.MacOf(record.Uid)))),
        ];
        await policies.EnsureAsync(record.Uid, new NetworkedPod(Records.Of(pod).Pod, record.Networks), netnsPath, cancellationToken);
        await PublishAsync(record, podIps, cancellationToken);
    }

    /// <summary>The interfaces have stayed with the namespace; policies go on by this agent.</summary>
    public async Task RestoreAsync(V1Pod pod, PodRecord record, string netnsPath, CancellationToken cancellationToken)
    {
        if (record.Networks.Count > 0)
        {
            await policies.EnsureAsync(record.Uid, new NetworkedPod(Records.Of(pod).Pod, record.Networks), netnsPath, cancellationToken);
        }
    }

    public void Forget(PodRecord record) => policies.Forget(record.Uid);

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
    private async Task PublishAsync(PodRecord record, IReadOnlyList<string> podIps, CancellationToken cancellationToken)
    {
        var status = NetworkStatus.Write(podIps, SecondaryCommands.Text(PodLinkName.PodSide(record.Uid)), record.Networks);
        var patch = new JsonObject { ["metadata"] = new JsonObject { ["uid"] = record.Uid, ["annotations"] = new JsonObject { [NetworkStatus.Annotation] = status } } };
        await client.CoreV1.PatchNamespacedPodAsync(new V1Patch(patch.ToJsonString(), V1Patch.PatchType.MergePatch), record.Name, record.Namespace, cancellationToken: cancellationToken);
    }
}
