using System.Collections.Concurrent;
using Trunkline.Operations.Cluster;
using Trunkline.Operations.Doctor.Facts;
using Trunkline.Operations.Doctor.View;
using Trunkline.Operations.Objects;

namespace Trunkline.Operations.Doctor.Probes;

/// <summary>
/// Looks into a cluster's nodes through Pods that are there already: the exec of a shell that reads /proc and files. Nothing is written, no socket is opened, so every node's
/// module state stays as it was. With <see cref="ProbeOptions.MakePods"/> it also makes Pods, and takes them away again.
/// </summary>
public sealed class ClusterProbes(ClusterApi api, ProbeOptions options, TimeProvider time)
{
    private const int AtOnce = 6;
    private const int MostPods = 60;
    private const int TriesPerNode = 3;
    private readonly ConcurrentBag<NodeFacts> _nodes = [];
    private readonly ConcurrentBag<PodFacts> _pods = [];
    private readonly ConcurrentDictionary<string, string> _forbidden = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<string> _notLooked = [];
    private readonly PodReader _reader = new(api, options.Active, time);

    /// <summary>Looks.</summary>
    /// <param name="objects">What was read of the cluster.</param>
    /// <param name="only">The resource to which the examination is narrowed; null for all. Nodes and Pods that do not concern it are left alone.</param>
    /// <param name="looked">Told of each Pod that was looked into.</param>
    /// <param name="cancel">Stops it; Pods that were made are taken away all the same.</param>
    /// <exception cref="ClusterException">There is no such resource.</exception>
    public async Task<ProbeFacts> LookAsync(ClusterObjects objects, ResourceName? only, Action<string>? looked, CancellationToken cancel)
    {
        var scope = only is null ? null : ResourceScope.Of(new ClusterView(objects, ProbeFacts.None), only);
        var pods = objects.Of(ResourceKinds.Pod).Select(pod => new PodView(pod, pod.Document["metadata"], pod.Spec, isTemplate: false)).Where(pod => pod is { IsRunning: true, NodeName: not null }).ToList();
        var servers = pods.Where(pod => pod.SpeaksSctp && scope?.Contains(pod.Title) != false).ToList();
        var anyImage = pods.SelectMany(pod => pod.Containers).Select(container => container.Document["image"].AsText()).FirstOrDefault(image => image is not null);
        await EachAsync(servers.Take(MostPods), (pod, stop) => LookAsync(pod, looked, stop), cancel);
        if (servers.Count > MostPods)
        {
            _notLooked.Add($"Of {servers.Count} SCTP Pods only {MostPods} were looked into; name a resource to look into its Pods.");
        }

        var nodes = objects.Of(ResourceKinds.Node).Where(node => scope?.Contains(node.Title) != false).Select(node => node.Name).ToList();
        var byNode = pods.ToLookup(pod => pod.NodeName!, StringComparer.Ordinal);
        await EachAsync(nodes, async (node, stop) => await NodeAsync(node, [.. byNode[node]], anyImage, looked, stop), cancel);
        Tell(nodes);
        return new ProbeFacts { Nodes = [.. _nodes.GroupBy(facts => facts.Node).Select(Best).OrderBy(facts => facts.Node, StringComparer.Ordinal)], Pods = [.. _pods], NotLooked = [.. _notLooked.Order(StringComparer.Ordinal)] };
    }

    private static Task EachAsync<T>(IEnumerable<T> items, Func<T, CancellationToken, Task> look, CancellationToken cancel) =>
        Parallel.ForEachAsync(items, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel }, async (item, stop) => await look(item, stop));

    private async Task<bool> LookAsync(PodView pod, Action<string>? looked, CancellationToken cancel)
    {
        if (_forbidden.ContainsKey(pod.Namespace))
        {
            return false;
        }

        var container = pod.Containers.FirstOrDefault(one => one.Ports.Any(port => port.Protocol == "SCTP") || one.SpeaksSctp) ?? (pod.Containers.Count > 0 ? pod.Containers[0] : null);
        var (output, forbidden) = await _reader.ReadAsync(pod.Namespace, pod.Name, container?.Name, cancel);
        if (forbidden is not null)
        {
            _forbidden[pod.Namespace] = forbidden;
        }

        if (output is null)
        {
            return false;
        }

        var how = $"exec in {pod.Title}";
        looked?.Invoke(pod.Title);
        _nodes.Add(output.Node(pod.NodeName!, how, pod.HostNetwork));
        if (pod is { SpeaksSctp: true })
        {
            _pods.Add(output.Pod(pod.Namespace, pod.Name, how));
        }

        return true;
    }

    // One that shows the node's own files and network is best: OpenShift's machine-config-daemon, then the proxy's Pods; any other still shows the kernel.
    private async Task NodeAsync(string node, IReadOnlyList<PodView> pods, string? anyImage, Action<string>? looked, CancellationToken cancel)
    {
        var already = _nodes.Where(facts => facts.Node == node).ToList();
        var candidates = pods.Where(pod => already.Count == 0 || Rank(pod) < 2).OrderBy(Rank).Take(TriesPerNode);
        foreach (var pod in candidates)
        {
            if (await LookAsync(pod, looked, cancel))
            {
                break;
            }
        }

        if (options.MakePods && Best(_nodes.Where(facts => facts.Node == node)) is not { Blacklist: not null, Conntrack: not null })
        {
            var image = pods.SelectMany(pod => pod.Containers).Select(container => container.Document["image"].AsText()).OfType<string>().FirstOrDefault() ?? anyImage;
            var (output, why) = image is null ? (null, "no Pod runs in the cluster whose image could be used") : await new DebugPod(api, _reader, time).LookAsync(node, image, cancel);
            if (output is null)
            {
                _notLooked.Add($"No probe could be made on Node {node}: {why}.");
            }
            else
            {
                looked?.Invoke($"Node {node}");
                _nodes.Add(output.Node(node, $"a Pod of its own on Node {node}", onHost: true));
            }
        }
    }

    private static int Rank(PodView pod) => pod.Name.StartsWith("machine-config-daemon-", StringComparison.Ordinal) ? 0
        : pod.HostNetwork ? 1
        : pod.SpeaksSctp ? 2 : 3;

    // What several probes saw of one node is one: what one could not read another may have.
    private static NodeFacts Best(IEnumerable<NodeFacts> same)
    {
        var all = same.OrderByDescending(facts => facts.Blacklist is not null).ThenByDescending(facts => facts.Conntrack is not null).ToList();
        return all.Count == 0 ? new NodeFacts("", "") : all[0] with
        {
            KernelSctp = all.Select(facts => facts.KernelSctp).FirstOrDefault(known => known is not null),
            UserSpaceSctp = all.Exists(facts => facts.UserSpaceSctp),
            ModuleLoaded = all.Select(facts => facts.ModuleLoaded).FirstOrDefault(known => known is not null),
            Conntrack = all.Select(facts => facts.Conntrack).FirstOrDefault(known => known is not null),
            ConntrackSctp = all.Select(facts => facts.ConntrackSctp).FirstOrDefault(known => known is not null),
            ConntrackInvalid = all.Select(facts => facts.ConntrackInvalid).FirstOrDefault(known => known is not null),
            ChecksumErrors = all.Select(facts => facts.ChecksumErrors).FirstOrDefault(known => known is not null),
        };
    }

    private void Tell(IReadOnlyList<string> nodes)
    {
        foreach (var (ns, why) in _forbidden)
        {
            _notLooked.Add($"The right to create pods/exec in namespace {ns} is missing: its Pods were not looked into ({why}).");
        }

        var seen = _nodes.Select(facts => facts.Node).ToHashSet(StringComparer.Ordinal);
        var unseen = nodes.Where(node => !seen.Contains(node)).ToList();
        if (unseen.Count > 0)
        {
            _notLooked.Add($"No Pod with a shell could be looked into on {Checks.Advice.List(unseen.Select(node => $"Node {node}"))}: whether SCTP is in their kernels is not known{(options.MakePods ? "" : " (--probe makes a Pod there for it)")}.");
        }

        var conntrack = _nodes.Where(facts => facts.Conntrack is not null).Select(facts => facts.Node).ToHashSet(StringComparer.Ordinal);
        var untracked = nodes.Where(node => seen.Contains(node) && !conntrack.Contains(node)).ToList();
        if (untracked.Count > 0)
        {
            _notLooked.Add($"conntrack of {Checks.Advice.List(untracked.Select(node => $"Node {node}"))} could not be read, so stale entries (DOC060) were not looked for: that needs a Pod on the node's network with a shell and either /proc/net/nf_conntrack or the conntrack tool{(options.MakePods ? "" : " (--probe makes one)")}.");
        }
    }
}
