using Trunkline.Operations.Cluster;
using Trunkline.Operations.Doctor.Facts;
using Trunkline.Operations.Doctor.View;
using Trunkline.Operations.Findings;

namespace Trunkline.Operations.Doctor.Checks;

/// <summary>Whether nodes have SCTP, and keep it over a reboot.</summary>
internal sealed class NodeModule : IDoctorCheck
{
    public static readonly RuleInfo Without = new("DOC001", "node-without-sctp", Severity.Error, "A node that runs SCTP Pods has no SCTP in its kernel.",
        "socket() then answers Protocol not supported (errno 93) or Socket type not supported (94). The module is not loaded, not installed (kernel-modules-extra, linux-modules-extra), or the kernel was built without it.", "5g-charts#31, UERANSIM#530, minikube#12890, openshift-docs#20036");

    public static readonly RuleInfo Blacklisted = new("DOC002", "module-blacklisted", Severity.Error, "A line of /etc/modprobe.d keeps the module sctp out of a node's kernel.",
        "A blacklist stops loading on demand and at boot (systemd-modules-load honours it); install sctp /bin/true stops modprobe too. RHEL and its kin ship such a file with kernel-modules-extra.", "modprobe.d(5); systemd-modules-load.service(8)");

    public static readonly RuleInfo NotKept = new("DOC003", "module-not-kept", Severity.Warning, "A node has SCTP now and nothing loads it at the next boot.",
        "The module was loaded by hand or by a socket. After a reboot the first server may find no SCTP, depending on the blacklist.", "modules-load.d(5)");

    private static readonly string[] s_words = ["Protocol not supported", "Socket type not supported", "EPROTONOSUPPORT", "ESOCKTNOSUPPORT", "protocol not supported", "socket type not supported"];

    public IReadOnlyList<RuleInfo> Rules { get; } = [Without, Blacklisted, NotKept];

    public IReadOnlyList<ResourceKind> Needs { get; } = [ResourceKinds.Pod, ResourceKinds.Node];

    public IEnumerable<Diagnosis> Look(ClusterView view)
    {
        var byNode = view.Pods.Where(pod => pod.SpeaksSctp && !pod.IsOver && pod.NodeName is not null).ToLookup(pod => pod.NodeName!, StringComparer.Ordinal);
        foreach (var facts in view.Facts.Nodes)
        {
            var pods = byNode[facts.Node].ToList();
            if (facts.HasSctp == false)
            {
                yield return None(view, facts, pods);
            }
            else if (facts is { HasSctp: true, UserSpaceSctp: false, ModuleLoaded: true, LoadedAtBoot.Count: 0 })
            {
                yield return new(NotKept, $"Node {facts.Node}", $"Node {facts.Node} has the module sctp loaded, and nothing loads it at the next boot.")
                {
                    Evidence = [$"/proc/modules: sctp; /etc/modules-load.d: no file names sctp ({facts.ReadBy})"],
                    Fix = "trunkline enable, or write the word sctp to /etc/modules-load.d/sctp-load.conf on the node.",
                    Cause = "not kept",
                };
            }
        }

        foreach (var pod in byNode.SelectMany(group => group).Where(pod => view.Facts.Node(pod.NodeName) is not { HasSctp: not null }))
        {
            if (view.Facts.Pod(pod.Namespace, pod.Name) is { SocketOpened: false } tried)
            {
                yield return Refused(view, pod, $"{pod.Title}: an SCTP socket was tried and answered not supported ({tried.ReadBy}, --active)");
            }
            else if (pod.Troubles.FirstOrDefault(trouble => s_words.Any(word => trouble.Contains(word, StringComparison.Ordinal))) is { } trouble)
            {
                yield return Refused(view, pod, $"{pod.Title}: {trouble}");
            }
        }
    }

    private static Diagnosis None(ClusterView view, NodeFacts facts, List<PodView> pods)
    {
        var blacklisted = facts.Blacklist is { Count: > 0 };
        var pool = view.Pools.OfNode(facts.Node);
        var severity = pods.Count > 0 ? Severity.Error : Severity.Info;
        var found = new List<string> { $"Node {facts.Node}: /proc/net/protocols has no SCTP ({facts.ReadBy})" };
        found.AddRange((facts.Blacklist ?? []).Select(line => $"Node {facts.Node}: {line}"));
        if (facts.ModuleOnDisk == false)
        {
            found.Add($"Node {facts.Node}: /lib/modules has no sctp module for the running kernel");
        }

        if (facts.LoadedAtBoot is { } boot)
        {
            found.Add($"Node {facts.Node}: /etc/modules-load.d {(boot.Count == 0 ? "has no file that names sctp" : $"names sctp in {Advice.List(boot)}")}");
        }

        if (pods.Count > 0)
        {
            found.Add($"SCTP Pods there: {Advice.List(pods.Select(pod => pod.Title))}");
        }

        return new(blacklisted ? Blacklisted : Without, $"Node {facts.Node}", blacklisted
            ? $"Node {facts.Node} has no SCTP: the module is kept out by {facts.Blacklist![0]}."
            : $"Node {facts.Node} has no SCTP in its kernel{(pods.Count == 0 ? "; no SCTP Pod runs there" : "")}.")
        {
            Severity = severity,
            Evidence = found,
            Fix = facts.ModuleOnDisk == false ? "Install the package that holds the module (kernel-modules-extra on RHEL and its kin, linux-modules-extra-$(uname -r) on Ubuntu), then: trunkline enable" : Switch(view, facts.Node),
            Concerns = [.. pods.Select(pod => pod.Title)],
            Explains = pods.Count == 0 ? [] : [.. pods.SelectMany(pod => pod.SctpPorts.Select(port => Trouble.Closed(pod, port)).Append(Trouble.NotReady(pod)))],
            SymptomOf = [Trouble.NoSctp(facts.Node)],
            Cause = $"no sctp {pool?.Name} {blacklisted} {severity}",
        };
    }

    private static Diagnosis Refused(ClusterView view, PodView pod, string evidence) => new(Without, $"Node {pod.NodeName}", $"Node {pod.NodeName} has no SCTP: {pod.Title} could not open a socket.")
    {
        Evidence = [evidence],
        Fix = Switch(view, pod.NodeName!),
        Concerns = [pod.Title],
        Explains = [Trouble.NotReady(pod)],
        SymptomOf = [Trouble.NoSctp(pod.NodeName!)],
        Cause = $"no sctp {view.Pools.OfNode(pod.NodeName)?.Name}",
    };

    private static string Switch(ClusterView view, string node) => view.Pools.OfNode(node) is { } pool ? $"trunkline enable --role {pool.Name}" : "trunkline enable (loads the module on every node, now and at each boot)";
}
