using Trunkline.Operations.Findings;
using static Trunkline.Operations.Lint.Catalogue.RuleCatalogue;

namespace Trunkline.Operations.Lint.Catalogue;

/// <summary>Rules of pages and scripts: commands, prose, and how manifests stand in them.</summary>
internal static class PageRules
{
    public static IReadOnlyList<LintRule> All { get; } =
    [
        Page("SCTP004", "probe-not-sctp", Severity.Error, true, "A probe of SCTP that speaks TCP.",
            "nc without --sctp connects over TCP: \"Connected\" proves nothing about SCTP, and netstat, telnet and tcpSocket probes do not either. Use nc --sctp, or trunkline verify.", "ncat(1); k8s#102646"),
        Page("SCTP005", "wrong-direction-test", Severity.Error, false, "An ingress policy that is tested from the Pod that it protects.",
            "What leaves the server tests the server's egress and the other side's ingress. Run the probe from where the policy allows and from where it denies, towards the server.", "networking.k8s.io/v1 NetworkPolicy"),
        Page("SCTP006", "refused-is-not-policy", Severity.Error, false, "\"Connection refused\" taken for a policy's doing.",
            "Refused means that an RST or ABORT came back: the packet arrived and nobody listened. A policy drops silently, so a denied probe times out (unless the network rejects).", "kubernetes.io network policies; RFC 9260, 8.4"),
        Page("SCTP007", "wrong-target-in-test", Severity.Warning, false, "A test whose address or port belongs to nothing that the page sets up.",
            "Ports that are in no policy, Service or Pod of the page prove nothing about them; two addresses are two Services.", "networking.k8s.io/v1 NetworkPolicy"),
        Page("SCTP020", "nodeport-never-tested", Severity.Info, false, "A NodePort Service for SCTP of which the page tests only the ClusterIP.",
            "A node port takes another way (source translation, the nodes' firewall).", "core/v1 Service"),
        Page("SCTP021", "port-mismatch-between-sections", Severity.Info, false, "The same SCTP port has different numbers in different manifests of a page.",
            "Whoever copies one from here and one from there gets a Service without a listener.", "reference: the guide's 30100 and 30102"),
        Page("SCTP029", "mc-reboots", Severity.Warning, false, "A page that applies a MachineConfig and does not say that nodes are drained and reboot.",
            "Both SCTP files need a reboot: every node of the pool is drained and rebooted, one after the other (maxUnavailable 1). Readers have to know before.", "machine-config-operator, docs/MachineConfigDaemon.md"),
        Page("SCTP030", "wait-on-node-ready", Severity.Error, false, "Waiting for nodes to be Ready as the sign that a MachineConfig is applied.",
            "Nodes are Ready before the roll-out begins. Wait until the pool is Updated with the new rendered configuration: oc wait mcp/worker --for=condition=Updated after its source names the MachineConfig.", "machine-config-operator; openshift-docs#20036"),
        Page("SCTP031", "verify-step-missing", Severity.Error, false, "A heading promises to check that SCTP is enabled, and no command does.",
            "oc debug node/NODE -- chroot /host sh -c 'lsmod | grep sctp', or trunkline doctor.", "docs.openshift.com, Verifying SCTP is enabled"),
        Page("SCTP034", "one-shot-listener", Severity.Warning, true, "A listener that serves one association and ends.",
            "nc -l takes one association and dies at the end of its input (so at once without a terminal). Use -k, and give it an input that stays open.", "ncat(1); nmap#2829"),
        Page("SCTP036", "no-success-criterion", Severity.Warning, false, "A step that says \"check\" without what is to be seen.",
            "Say what proves it: the server printed the very text that the client sent.", "cnf-features-deploy sctp.go"),
        Page("SCTP038", "create-not-idempotent", Severity.Info, true, "oc create -f where oc apply -f was meant.",
            "create fails the second time; a page that mixes both confuses.", "kubectl create, kubectl apply"),
        Page("SCTP039", "heredoc-append", Severity.Error, true, "A manifest that is appended to a file (cat <<EOF >> file), or two that were run together.",
            "The second run appends a second copy without ---: keys stand twice. Use > file.", "POSIX shell, 2.7.4"),
        Page("SCTP040", "heredoc-form", Severity.Warning, true, "A heredoc that does not work as it stands: its end word indented, unquoted with $ in it, or in a fence labelled yaml.",
            "Only a word at the first column ends a heredoc (<<- takes off tabs only); an unquoted one expands $ and backquotes; a fence labelled yaml holds no YAML then.", "POSIX shell, 2.7.4"),
        Page("SCTP041", "bad-flag", Severity.Error, true, "A flag that kubectl does not know, such as -wide.",
            "-wide is read as -w -i -d -e: unknown shorthand flag: 'i' in -ide. Use -o wide.", "kubectl get; seen with kubectl"),
        Page("SCTP042", "page-form", Severity.Info, true, "Prompts within code, fences that do not pair, misspelt object names, a manifest that is never applied, or a claim that only ClusterIP and NodePort carry SCTP.",
            "What is copied should run as it is. Headless and LoadBalancer Services carry SCTP as well.", "CommonMark 4.5; core/v1 Service"),
        Page("SCTP043", "existing-associations", Severity.Info, false, "A policy is tested, and the page does not say that it takes a new association.",
            "Whether a policy's change cuts associations that stand is up to the network plugin; they may live on. Test with a new one.", "kubernetes.io network policies; conntrack"),
        Page("SCTP044", "no-negative-pair", Severity.Warning, false, "A policy that is not shown both to allow and to deny over SCTP.",
            "A probe that passes proves nothing unless another is denied, and a probe that is denied proves nothing unless it passed before the policy. Each claim needs both.", "cnf-features-deploy sctp.go"),
    ];

    private static LintRule Page(string id, string name, Severity severity, bool fixable, string summary, string explanation, string source) => Rule(id, name, severity, RuleNeeds.Page, fixable, summary, explanation, source);
}
