using System.Text.Json.Nodes;
using Trunkline.Operations.Cluster;
using Trunkline.Operations.Doctor.View;
using Trunkline.Operations.Findings;

namespace Trunkline.Operations.Doctor.Checks;

/// <summary>Probes and commands that look at TCP where SCTP is meant, and ncat's own defects.</summary>
internal sealed class PodProbes : IDoctorCheck
{
    public static readonly RuleInfo TcpProbe = new("DOC100", "tcp-probe-of-sctp-port", Severity.Error, "A kubelet's probe connects by TCP to a port at which the container listens for SCTP.",
        "tcpSocket, httpGet and grpc are TCP: a port that serves SCTP only refuses them, so the Pod is never ready, or is killed again and again. Kubernetes has no probe for SCTP: use exec with a program that speaks it.", "Kubernetes: probes; k8s#102646");

    public static readonly RuleInfo TcpTool = new("DOC101", "tcp-tool-for-sctp", Severity.Error, "A probe looks for an SCTP port with a tool for TCP (nc without --sctp, netstat -t, ss -t).",
        "nc without --sctp connects by TCP, and netstat -t and ss -t show TCP only: they say that an SCTP port is not open whatever stands there.", "k8s#102646; the guide's own check");

    public static readonly RuleInfo OneShot = new("DOC105", "one-shot-listener", Severity.Warning, "A container's nc serves one SCTP association and ends.",
        "Without -k (--keep-open) ncat ends with its first association: the next INIT is answered by an ABORT until the container is started anew, and the back-off grows.", "ncat(1); nmap#1672, #1831");

    public static readonly RuleInfo NoInput = new("DOC106", "listener-ends-with-input", Severity.Error, "A container's nc listens for SCTP without an input to read, and ends at once.",
        "ncat 7.94 and 7.95 with --sctp -l end at once when standard input is at its end, and a container's is (/dev/null) unless the Pod says stdin: true. Give it an input that stays open: tail -f /dev/null | nc …, or -e / -c.", "nmap#2829");

    private static readonly string[] s_kinds = ["startupProbe", "readinessProbe", "livenessProbe"];

    public IReadOnlyList<RuleInfo> Rules { get; } = [TcpProbe, TcpTool, OneShot, NoInput];

    public IReadOnlyList<ResourceKind> Needs { get; } = [ResourceKinds.Pod];

    public IEnumerable<Diagnosis> Look(ClusterView view) =>
        from pod in view.Pods
        where pod.SpeaksSctp && !pod.IsOver
        from container in pod.Containers
        from found in s_kinds.SelectMany(kind => Probe(view, pod, container, kind)).Concat(Netcat(view, pod, container))
        select found;

    private static IEnumerable<Diagnosis> Probe(ClusterView view, PodView pod, ContainerView container, string kind)
    {
        var probe = container.Document[kind];
        var owner = view.Owner(pod);
        foreach (var way in new[] { "tcpSocket", "httpGet", "grpc" })
        {
            if (probe.Field(way) is JsonObject target && Number(container, target["port"]) is { } port && IsSctpOnly(pod, port))
            {
                // A Pod that is ready answers TCP as well: then the probe only proves nothing of SCTP.
                var works = pod.Ready == true && kind != "livenessProbe";
                yield return new(TcpProbe, owner, works
                    ? $"{owner.Title}: {kind} of container {container.Name} asks for port {port} by TCP, which proves nothing of the SCTP that it declares there."
                    : $"{owner.Title}: {kind} of container {container.Name} asks for port {port} by TCP, where the container serves SCTP.")
                {
                    Severity = works ? Severity.Warning : Severity.Error,
                    Evidence = [$"{kind}.{way}.port: {target["port"]!.ToJsonString()}", Advice.Ports(pod), .. pod.Ready == false ? [$"{pod.Title} is not ready", .. pod.Troubles] : Array.Empty<string>()],
                    Fix = $"Replace {way} by exec with a program that speaks SCTP, such as: exec: {{command: [sh, -c, \"nc --sctp -w 1 127.0.0.1 {port} < /dev/null\"]}}",
                    Concerns = [pod.Title],
                    Explains = [Trouble.NotReady(pod)],
                    Cause = $"{owner.Title} {container.Name} {kind}",
                };
            }
        }

        var line = string.Join(' ', probe.Field("exec").Field("command").Texts());
        if (TcpWords(line, pod) is { } words)
        {
            yield return new(TcpTool, owner, $"{owner.Title}: {kind} of container {container.Name} looks for an SCTP port by TCP: {words}.")
            {
                Evidence = [$"{kind}.exec.command: {line}", Advice.Ports(pod)],
                Fix = words.StartsWith("nc", StringComparison.Ordinal) ? "Add --sctp to nc." : "Read /proc/net/sctp/eps, or use ss -S (with the module sctp_diag).",
                Concerns = [pod.Title],
                Explains = [Trouble.NotReady(pod)],
                Cause = $"{owner.Title} {container.Name} {kind}",
            };
        }
    }

    private static string? TcpWords(string line, PodView pod)
    {
        foreach (var call in SctpCommands.Netcats(line).Where(call => !call.Contains("--sctp", StringComparison.Ordinal) && !call.Contains("-u ", StringComparison.Ordinal)))
        {
            if (SctpCommands.ListenPort(call) is { } port && IsSctpOnly(pod, port))
            {
                return call;
            }
        }

        var tool = line.Contains("netstat -t", StringComparison.Ordinal) || line.Contains("netstat -lnt", StringComparison.Ordinal) || line.Contains("netstat -lt", StringComparison.Ordinal) || line.Contains("netstat -nlt", StringComparison.Ordinal) ? "netstat"
            : line.Contains("ss -t", StringComparison.Ordinal) || line.Contains("ss -lnt", StringComparison.Ordinal) || line.Contains("ss -lt", StringComparison.Ordinal) || line.Contains("ss -nlt", StringComparison.Ordinal) ? "ss"
            : line.Contains("/dev/tcp/", StringComparison.Ordinal) ? "/dev/tcp" : null;
        return tool is not null && pod.SctpPorts.Any(port => IsSctpOnly(pod, port) && line.Contains($"{port}", StringComparison.Ordinal)) ? $"{tool} shows TCP only" : null;
    }

    private static bool IsSctpOnly(PodView pod, int port)
    {
        var declared = pod.Ports.Where(one => one.Number == port).ToList();
        return declared.Count > 0 ? declared.TrueForAll(one => one.Protocol == "SCTP")
            : pod.Containers.SelectMany(container => SctpCommands.Netcats(container.Line)).Any(call => SctpCommands.Listens(call) && call.Contains("--sctp", StringComparison.Ordinal) && SctpCommands.ListenPort(call) == port);
    }

    private static int? Number(ContainerView container, JsonNode? port) => port.AsNumber() is > 0 and <= 65535 and var number
        ? (int)number
        : container.Ports.FirstOrDefault(declared => declared.Name == port.AsText())?.Number;

    private static IEnumerable<Diagnosis> Netcat(ClusterView view, PodView pod, ContainerView container)
    {
        var owner = view.Owner(pod);
        foreach (var call in SctpCommands.Netcats(container.Line).Where(call => SctpCommands.Listens(call) && call.Contains("--sctp", StringComparison.Ordinal)))
        {
            var looped = container.Line.Contains("while ", StringComparison.Ordinal) || container.Line.Contains("until ", StringComparison.Ordinal);
            var keeps = SctpCommands.Has(call, 'k') || call.Contains("--keep-open", StringComparison.Ordinal);
            var runs = SctpCommands.Has(call, 'e') || SctpCommands.Has(call, 'c') || call.Contains("-exec", StringComparison.Ordinal);
            var before = container.Line[..Math.Max(0, container.Line.IndexOf(call, StringComparison.Ordinal))].TrimEnd();
            var fed = before.EndsWith('|') || container.Document["stdin"].IsTrue() || runs;
            if (!fed && !looped)
            {
                yield return new(NoInput, owner, $"{owner.Title}: nc of container {container.Name} has no input that stays open, and ncat 7.94 and 7.95 then end at once.")
                {
                    Severity = pod.Ready == true ? Severity.Warning : Severity.Error,
                    Evidence = [$"command: {call}", "stdin: not set, so it is /dev/null", .. pod.Troubles],
                    Fix = $"tail -f /dev/null | {call}{(keeps ? "" : " -k")}",
                    Concerns = [pod.Title],
                    Explains = [Trouble.NotReady(pod), .. pod.SctpPorts.Select(port => Trouble.Closed(pod, port))],
                    Cause = $"{owner.Title} {container.Name}",
                };
            }
            else if (!keeps && !looped)
            {
                yield return new(OneShot, owner, $"{owner.Title}: nc of container {container.Name} serves one association and ends.")
                {
                    Evidence = [$"command: {call}", .. pod.Troubles],
                    Fix = $"{call} -k{(call.Contains("-4", StringComparison.Ordinal) ? "" : " -4")} (ncat's IPv6 listener refuses IPv4 peers: nmap#1063)",
                    Concerns = [pod.Title],
                    Cause = $"{owner.Title} {container.Name}",
                };
            }
        }
    }
}
