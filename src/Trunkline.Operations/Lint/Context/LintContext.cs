using Trunkline.Operations.Cluster;
using Trunkline.Operations.Lint.Documents;
using Trunkline.Operations.Manifests;

namespace Trunkline.Operations.Lint.Context;

/// <summary>All objects of a run and of the cluster beside it, so that one document can be judged by the others.</summary>
public sealed class LintContext
{
    private readonly Dictionary<string, List<WorkloadFacts>> _workloads = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Namespace, string Key, string Value), List<WorkloadFacts>> _byLabel = [];
    private readonly Dictionary<string, List<PolicyFacts>> _policies = new(StringComparer.Ordinal);
    private readonly Dictionary<LintDocument, WorkloadFacts> _workloadOf = [];
    private readonly Dictionary<LintDocument, ServiceFacts> _serviceOf = [];
    private readonly Dictionary<LintDocument, PolicyFacts> _policyOf = [];
    private readonly HashSet<(string Namespace, string Service)> _endpoints = [];
    private readonly Dictionary<(string Namespace, string Key, string Value), List<ServiceFacts>> _servicesByLabel = [];
    private readonly Dictionary<WorkloadFacts, IReadOnlyList<ServiceFacts>> _inFrontOf = [];
    private readonly Dictionary<WorkloadFacts, bool> _openedFromElsewhere = [];
    private readonly Dictionary<WorkloadFacts, bool> _openedByPorts = [];
    private readonly Dictionary<(string Namespace, string Selector), Selection> _selections = [];
    private readonly Dictionary<string, WorkloadFacts?> _unplacedServers = new(StringComparer.Ordinal);
    private readonly Dictionary<LintDocument, MachineConfigFacts> _machineConfigOf = [];
    private readonly Dictionary<string, List<MachineConfigFacts>> _byRole = new(StringComparer.Ordinal);
    private IReadOnlyList<string>? _nodesWithoutModule;
    private Selection? _nobody;

    /// <summary>Gathers.</summary>
    /// <param name="documents">The documents of the run and of the cluster.</param>
    /// <param name="hasCluster">Whether those of a cluster are among them.</param>
    public LintContext(IReadOnlyList<LintDocument> documents, bool hasCluster)
    {
        HasCluster = hasCluster;
        foreach (var document in documents.Where(document => !document.IsPatch))
        {
            Add(document);
        }
    }

    /// <summary>Whether the objects of a cluster are known, so that what is missing among them is missing.</summary>
    public bool HasCluster { get; }

    /// <summary>The MachineConfigs that people wrote.</summary>
    public IList<MachineConfigFacts> MachineConfigs { get; } = [];

    /// <summary>The MachineConfigPools.</summary>
    public IList<LintDocument> Pools { get; } = [];

    /// <summary>The Nodes.</summary>
    public IList<LintDocument> Nodes { get; } = [];

    /// <summary>The namespaces by name.</summary>
    public IDictionary<string, LintDocument> Namespaces { get; } = new Dictionary<string, LintDocument>(StringComparer.Ordinal);

    /// <summary>Whether Cilium is the cluster's network.</summary>
    public bool HasCilium { get; private set; }

    /// <summary>All workloads.</summary>
    public IEnumerable<WorkloadFacts> Workloads => _workloadOf.Values;

    /// <summary>All Services.</summary>
    public IEnumerable<ServiceFacts> Services => _serviceOf.Values;

    /// <summary>All policies.</summary>
    public IEnumerable<PolicyFacts> Policies => _policyOf.Values;

    /// <summary>The workload that a document is; null when it is none.</summary>
    public WorkloadFacts? Workload(LintDocument document) => _workloadOf.GetValueOrDefault(document);

    /// <summary>The Service that a document is; null when it is none.</summary>
    public ServiceFacts? Service(LintDocument document) => _serviceOf.GetValueOrDefault(document);

    /// <summary>The policy that a document is; null when it is none.</summary>
    public PolicyFacts? Policy(LintDocument document) => _policyOf.GetValueOrDefault(document);

    /// <summary>The namespace of a document as a key: empty where none is written, which is the same unknown one for all of those.</summary>
    public static string Key(LintDocument document) => document.Namespace ?? document.AssumedNamespace ?? "";

    /// <summary>The workloads of a namespace.</summary>
    public IReadOnlyList<WorkloadFacts> WorkloadsIn(string ns) => _workloads.TryGetValue(ns, out var found) ? found : [];

    /// <summary>The policies of a namespace.</summary>
    public IReadOnlyList<PolicyFacts> PoliciesIn(string ns) => _policies.TryGetValue(ns, out var found) ? found : [];

    /// <summary>The workloads whose Pods a LabelSelector chooses in a namespace.</summary>
    public Selection Selected(string ns, ManifestNode? selector)
    {
        if (Selectors.IsEmpty(selector))
        {
            return Remembered(ns, "", () => WorkloadsIn(ns));
        }

        var wanted = (selector?["matchLabels"]).Words();
        return Remembered(ns, Selectors.Words(selector), () => selector!.Has("matchExpressions")
            ? [.. Candidates(ns, wanted).Where(workload => Selectors.Matches(selector, workload.Labels))]
            : Matching(ns, wanted));
    }

    /// <summary>The workloads whose Pods a policy is about.</summary>
    public Selection Selected(PolicyFacts policy) => Selected(Key(policy.Document), policy.PodSelector);

    /// <summary>The workloads whose Pods stand behind a Service; none for one without a selector.</summary>
    public Selection Behind(ServiceFacts service) => service.Selector.Count == 0
        ? _nobody ??= new Selection([], this)
        : Remembered(Key(service.Document), Selectors.Words(service.Selector), () => Matching(Key(service.Document), service.Selector));

    /// <summary>The Services in front of a workload's Pods.</summary>
    public IReadOnlyList<ServiceFacts> InFrontOf(WorkloadFacts workload)
    {
        if (!_inFrontOf.TryGetValue(workload, out var services))
        {
            var ns = Key(workload.Document);
            _inFrontOf[workload] = services =
            [
                .. workload.Labels.SelectMany(label => _servicesByLabel.TryGetValue((ns, label.Key, label.Value), out var found) ? found : []).Where(service => Selectors.Matches(service.Selector, workload.Labels)),
            ];
        }

        return services;
    }

    /// <summary>Whether a policy lets somebody who is no Pod of the own namespace reach an SCTP port that a workload serves.</summary>
    public bool IsOpenedFromElsewhere(WorkloadFacts workload)
    {
        if (!_openedFromElsewhere.TryGetValue(workload, out var opened))
        {
            _openedFromElsewhere[workload] = opened = PoliciesIn(Key(workload.Document)).Any(policy => policy.Selects(workload.Labels) && policy.Ingress.Any(rule =>
                (rule.Ports.Count == 0 || workload.SctpPorts.Any(port => rule.Ports.Any(one => one.Matches(port)))) && (rule.Peers.Count == 0 || rule.Peers.Any(peer => !PolicyRuleFacts.IsOwnNamespace(peer)))));
        }

        return opened;
    }

    /// <summary>Whether a rule with ports, of any policy, lets something reach an SCTP port that a workload serves.</summary>
    public bool IsOpenedByPorts(WorkloadFacts workload)
    {
        if (!_openedByPorts.TryGetValue(workload, out var opened))
        {
            _openedByPorts[workload] = opened = PoliciesIn(Key(workload.Document)).Any(policy => policy.Selects(workload.Labels)
                && policy.Ingress.Any(rule => workload.SctpPorts.Any(port => rule.Ports.Any(one => one.Matches(port)))));
        }

        return opened;
    }

    /// <summary>The first Pod of a namespace's files that serves SCTP and whose node is left to the scheduler.</summary>
    public WorkloadFacts? UnplacedServer(string ns)
    {
        if (!_unplacedServers.TryGetValue(ns, out var server))
        {
            _unplacedServers[ns] = server = WorkloadsIn(ns).FirstOrDefault(other => other.Document.Kind == "Pod" && other.SctpPorts.Count > 0 && other.IsUnplaced && other.Document.Live is null);
        }

        return server;
    }

    /// <summary>The MachineConfig that a document is; null when it is none, or a rendered one.</summary>
    public MachineConfigFacts? MachineConfig(LintDocument document) => _machineConfigOf.GetValueOrDefault(document);

    /// <summary>The other MachineConfigs of the same role.</summary>
    public IEnumerable<MachineConfigFacts> OthersOfRole(MachineConfigFacts config) => _byRole[config.Role ?? ""].Where(other => other != config && other.Document.Name != config.Document.Name);

    /// <summary>Nodes that take work and belong to no pool whose MachineConfigs load the module; none where no pool does, or nothing is known of nodes.</summary>
    public IReadOnlyList<string> NodesWithoutModule => _nodesWithoutModule ??= WithoutModule();

    /// <summary>Whether somebody gives a Service its endpoints by hand.</summary>
    public bool HasEndpoints(ServiceFacts service) => _endpoints.Contains((Key(service.Document), service.Document.Name ?? ""));

    private List<WorkloadFacts> Matching(string ns, IReadOnlyDictionary<string, string> wanted) => [.. Candidates(ns, wanted).Where(workload => Selectors.Matches(wanted, workload.Labels))];

    private Selection Remembered(string ns, string words, Func<IReadOnlyList<WorkloadFacts>> select)
    {
        if (!_selections.TryGetValue((ns, words), out var selection))
        {
            _selections[(ns, words)] = selection = new Selection(select(), this);
        }

        return selection;
    }

    private IReadOnlyList<WorkloadFacts> Candidates(string ns, IReadOnlyDictionary<string, string> wanted)
    {
        foreach (var (key, value) in wanted)
        {
            return _byLabel.TryGetValue((ns, key, value), out var found) ? found : [];
        }

        return WorkloadsIn(ns);
    }

    private void Add(LintDocument document)
    {
        var ns = Key(document);
        if (WorkloadFacts.Of(document) is { } workload)
        {
            _workloadOf[document] = workload;
            List(_workloads, ns).Add(workload);
            foreach (var (key, value) in workload.Labels)
            {
                List(_byLabel, (ns, key, value)).Add(workload);
            }
        }
        else if (document is { Kind: "Service", Group: "" })
        {
            AddService(new ServiceFacts(document), ns);
        }
        else if (document.Is(ResourceKinds.NetworkPolicy))
        {
            List(_policies, ns).Add(_policyOf[document] = new PolicyFacts(document));
        }
        else
        {
            AddOther(document, ns);
        }

        HasCilium |= (document is { Kind: "ConfigMap", Name: "cilium-config" }) || document.Kind is "CiliumNetworkPolicy" or "CiliumClusterwideNetworkPolicy"
            || (document is { Kind: "DaemonSet", Name: "cilium" });
    }

    // By one label of its selector: a Pod that it selects has that label.
    private void AddService(ServiceFacts service, string ns)
    {
        _serviceOf[service.Document] = service;
        if (service.Selector.Count > 0)
        {
            var (key, value) = service.Selector.First();
            List(_servicesByLabel, (ns, key, value)).Add(service);
        }
    }

    private List<string> WithoutModule()
    {
        var switched = Pools.Where(pool => MachineConfigs.Any(config => config.Loads && Selectors.Matches(pool.Spec?["machineConfigSelector"], config.Document.Labels))).ToList();
        return switched.Count == 0 ? [] :
        [
            .. Nodes.Where(node => !(node.Spec?["taints"]).List().Any(taint => taint["effect"]?.Text is "NoSchedule" or "NoExecute")
                    && !switched.Exists(pool => Selectors.Matches(pool.Spec?["nodeSelector"], node.Labels)))
                .Select(node => node.Name).OfType<string>(),
        ];
    }

    private void AddOther(LintDocument document, string ns)
    {
        switch (document.Kind)
        {
            case "MachineConfig" when !document.IsDerived:
                var config = new MachineConfigFacts(document);
                MachineConfigs.Add(_machineConfigOf[document] = config);
                List(_byRole, config.Role ?? "").Add(config);
                break;
            case "MachineConfigPool":
                Pools.Add(document);
                break;
            case "Node" when document.Group.Length == 0:
                Nodes.Add(document);
                break;
            case "Namespace" or "Project" when document.Name is { } name:
                Namespaces[name] = document;
                break;
            case "Endpoints" when document.Name is { } name:
                _endpoints.Add((ns, name));
                break;
            case "EndpointSlice" when document.Labels.TryGetValue("kubernetes.io/service-name", out var service):
                _endpoints.Add((ns, service));
                break;
        }
    }

    private static List<TValue> List<TKey, TValue>(Dictionary<TKey, List<TValue>> lists, TKey key)
        where TKey : notnull
    {
        if (!lists.TryGetValue(key, out var list))
        {
            lists[key] = list = [];
        }

        return list;
    }
}
