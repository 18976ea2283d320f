using Trunkline.Policy.Model;

namespace Trunkline.Node.Network.Policies;

/// <summary>All kinds of Pods, by namespace, and the labels of namespaces.</summary>
internal sealed class PodKinds
{
    private readonly Dictionary<string, PodKind> _all = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<PodKind>> _byNamespace = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyDictionary<string, string>> _labels = new(StringComparer.Ordinal);

    public IReadOnlyCollection<PodKind> All => _all.Values;

    public IReadOnlyCollection<PodKind> In(string ns) => _byNamespace.TryGetValue(ns, out var kinds) ? kinds : [];

    /// <summary>A namespace that nobody declared has the one label every namespace has.</summary>
    public IReadOnlyDictionary<string, string> LabelsOf(string ns) =>
        _labels.TryGetValue(ns, out var labels) ? labels : new Dictionary<string, string> { ["kubernetes.io/metadata.name"] = ns };

    public void Declare(string ns, IReadOnlyDictionary<string, string>? labels)
    {
        if (labels is null)
        {
            _labels.Remove(ns);
        }
        else
        {
            _labels[ns] = labels;
        }
    }

    public PodKind Of(PolicyPod pod, out bool isNew)
    {
        var key = PodKind.KeyOf(pod.Namespace, pod.Labels);
        isNew = !_all.TryGetValue(key, out var kind);
        if (kind is null)
        {
            _all[key] = kind = new PodKind(pod.Namespace, pod.Labels);
            if (!_byNamespace.TryGetValue(pod.Namespace, out var kinds))
            {
                _byNamespace[pod.Namespace] = kinds = [];
            }

            kinds.Add(kind);
        }

        return kind;
    }

    public void Remove(PodKind kind)
    {
        _all.Remove(PodKind.KeyOf(kind.Namespace, kind.Labels));
        var kinds = _byNamespace[kind.Namespace];
        kinds.Remove(kind);
        if (kinds.Count == 0)
        {
            _byNamespace.Remove(kind.Namespace);
        }
    }
}
