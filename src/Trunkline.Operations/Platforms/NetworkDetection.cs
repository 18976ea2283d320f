using System.Text.RegularExpressions;
using Trunkline.Operations.Cluster;
using Trunkline.Operations.Objects;

namespace Trunkline.Operations.Platforms;

/// <summary>Finds a network's parts by the DaemonSets and Deployments that run them, by their settings, and by what a platform brings along. Pure.</summary>
internal sealed partial class NetworkDetection(ClusterObjects objects, ClusterPlatform platform)
{
    private const string KubeSystem = "kube-system";

    // Images are surer than names: charts let people name their workloads as they like.
    private static readonly (string Image, NetworkKind Kind, string Name)[] s_plugins =
    [
        ("calico/node", NetworkKind.Calico, "Calico"),
        ("cilium/cilium", NetworkKind.Cilium, "Cilium"),
        ("mirrored-cilium-cilium", NetworkKind.Cilium, "Cilium"),
        ("hardened-calico", NetworkKind.Calico, "Calico"),
        ("mirrored-calico-node", NetworkKind.Calico, "Calico"),
        ("antrea/antrea", NetworkKind.Antrea, "Antrea"),
        ("kube-router", NetworkKind.KubeRouter, "kube-router"),
        ("flannel/flannel", NetworkKind.Flannel, "flannel"),
        ("coreos/flannel", NetworkKind.Flannel, "flannel"),
        ("mirrored-flannel", NetworkKind.Flannel, "flannel"),
        ("hardened-flannel", NetworkKind.Flannel, "flannel"),
        ("weave-kube", NetworkKind.Weave, "Weave Net"),
        ("kubeovn/kube-ovn", NetworkKind.KubeOvn, "Kube-OVN"),
        ("amazon-k8s-cni", NetworkKind.AwsVpc, "Amazon VPC CNI"),
        ("azure-cns", NetworkKind.Azure, "Azure CNI"),
        ("kindnetd", NetworkKind.Kindnet, "kindnet"),
        ("ovn-kube", NetworkKind.OvnKubernetes, "OVN-Kubernetes"),
    ];

    private static readonly (string Name, NetworkKind Kind, string Title)[] s_names =
    [
        ("canal", NetworkKind.Canal, "Canal"), ("rke2-canal", NetworkKind.Canal, "Canal"), ("calico-node", NetworkKind.Calico, "Calico"), ("cilium", NetworkKind.Cilium, "Cilium"),
        ("anetd", NetworkKind.DataplaneV2, "GKE Dataplane V2 (Cilium)"), ("antrea-agent", NetworkKind.Antrea, "Antrea"), ("kube-router", NetworkKind.KubeRouter, "kube-router"),
        ("kube-flannel-ds", NetworkKind.Flannel, "flannel"), ("kube-flannel", NetworkKind.Flannel, "flannel"), ("weave-net", NetworkKind.Weave, "Weave Net"), ("kube-ovn-cni", NetworkKind.KubeOvn, "Kube-OVN"),
        ("aws-node", NetworkKind.AwsVpc, "Amazon VPC CNI"), ("azure-cns", NetworkKind.Azure, "Azure CNI"), ("kindnet", NetworkKind.Kindnet, "kindnet"), ("ovnkube-node", NetworkKind.OvnKubernetes, "OVN-Kubernetes"),
    ];

    public IReadOnlyList<NetworkComponent> Plugins()
    {
        if (platform.Kind == PlatformKind.Lab)
        {
            return [Component(NetworkKind.Trunkline, "Trunkline's data plane", platform.Evidence[0])];
        }

        var found = Declared().Concat(Running()).DistinctBy(plugin => plugin.Kind).ToList();
        // Canal's DaemonSet runs Calico's image beside flannel's, and says by its name what they are together.
        if (found.Any(plugin => plugin.Kind == NetworkKind.Canal))
        {
            found.RemoveAll(plugin => plugin.Kind is NetworkKind.Calico or NetworkKind.Flannel);
        }

        if (found.Any(plugin => plugin.Kind == NetworkKind.DataplaneV2))
        {
            found.RemoveAll(plugin => plugin.Kind == NetworkKind.Cilium);
        }

        return found.Count > 0 ? [.. found.Select(Configured)] : Embedded();
    }

    public IReadOnlyList<NetworkComponent> Proxies(IReadOnlyList<NetworkComponent> plugins)
    {
        var proxies = new List<NetworkComponent>();
        proxies.AddRange(plugins.Where(plugin => plugin.Kind is NetworkKind.OvnKubernetes or NetworkKind.OpenShiftSdn or NetworkKind.CalicoEbpf or NetworkKind.DataplaneV2 or NetworkKind.Trunkline
            || (plugin.Kind == NetworkKind.Cilium && ReplacesKubeProxy())
            || (plugin.Kind == NetworkKind.Antrea && AntreaProxyAll())
            || (plugin.Kind == NetworkKind.KubeRouter && RunsServiceProxy())));
        if (KubeProxy() is { } kubeProxy)
        {
            proxies.Add(kubeProxy);
        }
        else if (proxies.Count == 0 && platform.Kind is PlatformKind.K3s)
        {
            proxies.Add(Component(NetworkKind.KubeProxyIptables, "kube-proxy (iptables), inside k3s", "k3s runs kube-proxy inside its own process"));
        }

        return proxies;
    }

    public IReadOnlyList<NetworkComponent> Others()
    {
        var workloads = Workloads().ToList();
        return
        [
            .. ByImage(workloads, "metallb/speaker", NetworkKind.MetalLb, "MetalLB"),
            .. ByImage(workloads, "loxilb", NetworkKind.LoxiLb, "LoxiLB"),
            .. ByImage(workloads, "multus", NetworkKind.Multus, "Multus"),
        ];
    }

    internal static NetworkComponent Component(NetworkKind kind, string name, params string[] evidence) => new(kind, name, evidence, SctpLimits.Of(kind));

    // OpenShift says by itself which plugin it runs.
    private IEnumerable<NetworkComponent> Declared()
    {
        var network = objects.Of(ResourceKinds.Network).FirstOrDefault(item => item.Kind.Group == "config.openshift.io");
        var type = network?.Status.Field("networkType").AsText() ?? network?.Spec.Field("networkType").AsText();
        var kind = type switch
        {
            "OVNKubernetes" => NetworkKind.OvnKubernetes,
            "OpenShiftSDN" => NetworkKind.OpenShiftSdn,
            "Calico" => NetworkKind.Calico,
            "Cilium" => NetworkKind.Cilium,
            "Antrea" => NetworkKind.Antrea,
            _ => NetworkKind.Unknown,
        };
        if (kind != NetworkKind.Unknown)
        {
            yield return Component(kind, type == "OVNKubernetes" ? "OVN-Kubernetes" : type!, $"Network {network!.Name} (config.openshift.io) says networkType {type}");
        }
    }

    private IEnumerable<NetworkComponent> Running()
    {
        foreach (var set in objects.Of(ResourceKinds.DaemonSet))
        {
            var named = s_names.FirstOrDefault(known => known.Name == set.Name);
            if (named.Title is not null)
            {
                yield return Component(named.Kind, named.Title, $"{set.Title} runs {string.Join(", ", Images(set).Take(1))}".TrimEnd());
                continue;
            }

            foreach (var (image, kind, name) in s_plugins)
            {
                if (Images(set).FirstOrDefault(used => used.Contains(image, StringComparison.Ordinal)) is { } used)
                {
                    yield return Component(kind, name, $"{set.Title} runs {used}");
                }
            }
        }
    }

    // k3s has flannel and kube-router's policies inside its own process; the node's annotation is all that is seen of them.
    private IReadOnlyList<NetworkComponent> Embedded()
    {
        var node = objects.Of(ResourceKinds.Node).FirstOrDefault(item => item.Annotation("flannel.alpha.coreos.com/backend-type") is not null);
        if (node is null)
        {
            return platform.Kind == PlatformKind.OpenShiftHosted || platform.Kind == PlatformKind.MicroShift
                ? [Component(NetworkKind.OvnKubernetes, "OVN-Kubernetes", $"the default of {platform.Name}")]
                : [];
        }

        var evidence = $"{node.Title} has the annotation flannel.alpha.coreos.com/backend-type={node.Annotation("flannel.alpha.coreos.com/backend-type")}";
        return platform.Kind == PlatformKind.K3s
            ?
            [
                new NetworkComponent(NetworkKind.Flannel, "flannel, inside k3s", [evidence], []),
                Component(NetworkKind.KubeRouter, "kube-router's policy controller, inside k3s", evidence, "k3s carries out NetworkPolicies with it unless --disable-network-policy is given"),
            ]
            : [Component(NetworkKind.Flannel, "flannel", evidence)];
    }

    private NetworkComponent Configured(NetworkComponent plugin) => plugin.Kind switch
    {
        NetworkKind.Calico or NetworkKind.Canal when Ebpf() is { } evidence => Component(NetworkKind.CalicoEbpf, "Calico, eBPF", [.. plugin.Evidence, evidence]),
        NetworkKind.Cilium => Cilium(plugin),
        _ => plugin,
    };

    private string? Ebpf()
    {
        if (objects.Of(ResourceKinds.FelixConfiguration).FirstOrDefault(felix => felix.Spec.Field("bpfEnabled").IsTrue()) is { } felix)
        {
            return $"{felix.Title} has bpfEnabled true";
        }

        return (from set in objects.Of(ResourceKinds.DaemonSet)
                from container in set.Spec.Field("template").Field("spec").Field("containers").Objects()
                from variable in container["env"].Objects()
                where variable["name"].AsText() == "FELIX_BPFENABLED" && string.Equals(variable["value"].AsText(), "true", StringComparison.OrdinalIgnoreCase)
                select $"{set.Title} sets FELIX_BPFENABLED=true").FirstOrDefault();
    }

    private NetworkComponent Cilium(NetworkComponent plugin)
    {
        if (CiliumConfig() is not { } config)
        {
            return plugin with { Evidence = [.. plugin.Evidence, "ConfigMap cilium-config was not read: whether enable-sctp is set is not known"] };
        }

        string? Flag(string name) => config.Document["data"].Field(name).AsText();
        var limits = plugin.Limits.ToList();
        if (Flag("enable-sctp") != "true")
        {
            limits.Insert(0, SctpLimits.CiliumOff);
        }

        if (ReplacesKubeProxy())
        {
            limits.Add(SctpLimits.CiliumWithoutKubeProxy);
        }

        if (Flag("enable-bpf-masquerade") == "true")
        {
            limits.Add(SctpLimits.CiliumMasquerade);
        }

        if (Flag("enable-ipv4-egress-gateway") == "true" || Flag("enable-egress-gateway") == "true")
        {
            limits.Add(SctpLimits.CiliumEgressGateway);
        }

        return plugin with { Evidence = [.. plugin.Evidence, $"{config.Title} has enable-sctp {Flag("enable-sctp") ?? "unset"}, kube-proxy-replacement {Flag("kube-proxy-replacement") ?? "unset"}"], Limits = limits };
    }

    private ClusterObject? CiliumConfig() => objects.Of(ResourceKinds.ConfigMap).FirstOrDefault(map => map.Name == "cilium-config");

    // "strict" and "partial" are the words of releases before 1.14.
    private bool ReplacesKubeProxy() => CiliumConfig()?.Document["data"].Field("kube-proxy-replacement").AsText() is "true" or "strict" or "partial";

    private bool AntreaProxyAll() => objects.Of(ResourceKinds.ConfigMap).Any(map =>
        map.Name.StartsWith("antrea-config", StringComparison.Ordinal) && ProxyAll().IsMatch(map.Document["data"].Field("antrea-agent.conf").AsText() ?? ""));

    private bool RunsServiceProxy() => objects.Of(ResourceKinds.DaemonSet).Any(set => set.Name == "kube-router"
        && set.Spec.Field("template").Field("spec").Field("containers").Objects().Any(container => (container["args"] as System.Text.Json.Nodes.JsonArray ?? []).Any(arg => arg.AsText() == "--run-service-proxy=true")));

    private NetworkComponent? KubeProxy()
    {
        var set = objects.Of(ResourceKinds.DaemonSet).FirstOrDefault(item => item.Name == "kube-proxy");
        var pod = objects.Of(ResourceKinds.Pod).FirstOrDefault(item => item.Namespace == KubeSystem && item.Name.StartsWith("kube-proxy-", StringComparison.Ordinal));
        if ((set ?? pod) is not { } runs)
        {
            return null;
        }

        foreach (var map in objects.Of(ResourceKinds.ConfigMap, KubeSystem).Where(map => map.Name is "kube-proxy" or "kube-proxy-config"))
        {
            var config = map.Document["data"].Field("config.conf").AsText() ?? map.Document["data"].Field("config").AsText() ?? "";
            if (Mode().Match(config) is { Success: true } match)
            {
                return KubeProxy(match.Groups[1].Value, runs, $"{map.Title} says mode \"{match.Groups[1].Value}\"");
            }
        }

        var argument = (set?.Spec.Field("template").Field("spec") ?? pod?.Spec).Field("containers").Objects()
            .SelectMany(container => (container["command"] as System.Text.Json.Nodes.JsonArray ?? []).Concat(container["args"] as System.Text.Json.Nodes.JsonArray ?? []))
            .Select(arg => arg.AsText() ?? "").FirstOrDefault(arg => arg.StartsWith("--proxy-mode=", StringComparison.Ordinal));
        return argument is null
            ? KubeProxy("", runs, "no mode is set: iptables, Linux's default")
            : KubeProxy(argument["--proxy-mode=".Length..], runs, $"{runs.Title} is given {argument}");
    }

    private static NetworkComponent KubeProxy(string mode, ClusterObject runs, string evidence) => mode switch
    {
        "ipvs" => Component(NetworkKind.KubeProxyIpvs, "kube-proxy (IPVS)", $"{runs.Title} runs", evidence),
        "nftables" => Component(NetworkKind.KubeProxyNftables, "kube-proxy (nftables)", $"{runs.Title} runs", evidence),
        _ => Component(NetworkKind.KubeProxyIptables, "kube-proxy (iptables)", $"{runs.Title} runs", evidence),
    };

    private IEnumerable<ClusterObject> Workloads() => objects.Of(ResourceKinds.DaemonSet).Concat(objects.Of(ResourceKinds.Deployment));

    private static IEnumerable<NetworkComponent> ByImage(IEnumerable<ClusterObject> workloads, string image, NetworkKind kind, string name) =>
        (from workload in workloads
         from used in Images(workload)
         where used.Contains(image, StringComparison.Ordinal)
         select Component(kind, name, $"{workload.Title} runs {used}")).Take(1);

    private static IEnumerable<string> Images(ClusterObject workload) =>
        workload.Spec.Field("template").Field("spec").Field("containers").Objects().Select(container => container["image"].AsText()).OfType<string>();

    [GeneratedRegex("^\\s*mode:\\s*\"?'?([a-z]*)", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Mode();

    [GeneratedRegex("^\\s*proxyAll:\\s*true", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex ProxyAll();
}
