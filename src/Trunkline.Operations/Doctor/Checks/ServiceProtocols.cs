using Trunkline.Operations.Cluster;
using Trunkline.Operations.Doctor.View;
using Trunkline.Operations.Findings;

namespace Trunkline.Operations.Doctor.Checks;

/// <summary>Whether Service and Pod speak of the same protocol.</summary>
internal sealed class ServiceProtocols : IDoctorCheck
{
    public static readonly RuleInfo TcpForSctp = new("DOC040", "service-tcp-for-sctp", Severity.Error, "A Service's port is TCP (also by leaving the protocol out) where its Pods listen for SCTP.",
        "A Service port without protocol is TCP. The proxy then translates TCP only: an INIT to the Service finds no rule and is refused or lost. The protocol of a port cannot be guessed from the Pod.", "Kubernetes: Services, protocol; open5gs#1126");

    public static readonly RuleInfo PodSaysTcp = new("DOC041", "pod-port-not-sctp", Severity.Warning, "A Service's SCTP port leads to a port that its Pods declare for another protocol only.",
        "The declaration is only a word for packets, but names (targetPort, NetworkPolicy) are looked up with it, and readers and tools believe it. Either the Pod's declaration lacks protocol: SCTP, or the Service's is wrong.", "Kubernetes: ContainerPort, protocol defaults to TCP");

    public IReadOnlyList<RuleInfo> Rules { get; } = [TcpForSctp, PodSaysTcp];

    public IReadOnlyList<ResourceKind> Needs { get; } = [ResourceKinds.Service, ResourceKinds.Pod];

    public IEnumerable<Diagnosis> Look(ClusterView view) => view.Services.Where(service => service.Pods.Count > 0).SelectMany(service => service.Ports.SelectMany(port => Look(view, service, port)));

    private static IEnumerable<Diagnosis> Look(ClusterView view, ServiceView service, ServicePortView port)
    {
        if (port.Protocol == "TCP" && !Declares(service, port, "TCP") && Listener(view, service, port) is { } how)
        {
            var also = service.SctpPorts.FirstOrDefault(other => other.Number == port.Number || (other.TargetNumber == port.TargetNumber && other.TargetName == port.TargetName));
            if (also is not null)
            {
                yield break; // both protocols are asked for, and SCTP is served
            }

            yield return new(TcpForSctp, service.Source, $"{service.Title} port {port.Number} is TCP{(port.IsWritten ? "" : " (no protocol is written)")}, and its Pods listen there for SCTP.")
            {
                Evidence = [$"spec.ports[{service.Ports.ToList().IndexOf(port)}].protocol: {(port.IsWritten ? port.Protocol : "missing, so TCP")}", how],
                Fix = Advice.PatchPort(service, port, "protocol\",\"value\":\"SCTP\""),
                Concerns = [.. service.Pods.Select(pod => pod.Title)],
            };
        }

        if (port is { Protocol: "SCTP", TargetNumber: { } number } && service.Pods[0] is var pod && pod.Ports.Where(declared => declared.Number == number).ToList() is { Count: > 0 } declared
            && declared.TrueForAll(one => one.Protocol != "SCTP") && !pod.Containers.Any(container => SctpCommands.Netcats(container.Line).Any(call => call.Contains("--sctp", StringComparison.Ordinal))))
        {
            yield return new(PodSaysTcp, view.Owner(pod), $"{view.Owner(pod).Title} declares port {number} for {Advice.List(declared.Select(one => one.Protocol))} only, and {service.Title} leads SCTP to it.")
            {
                Evidence = [Advice.Ports(pod), $"{service.Title}: {port.Word}, targetPort {number}"],
                Fix = $"Declare containerPort {number} with protocol: SCTP (or make the Service's port {declared[0].Protocol}, if the server speaks that).",
                Concerns = [service.Title, pod.Title],
                Cause = $"{view.Owner(pod).Title} {number}",
            };
        }
    }

    private static bool Declares(ServiceView service, ServicePortView port, string protocol) =>
        service.Pods.Any(pod => pod.Ports.Any(declared => declared.Protocol == protocol && (port.TargetName is null ? declared.Number == port.TargetNumber : declared.Name == port.TargetName)));

    // Who says that there is an SCTP listener: the declaration, the command, or the kernel.
    private static string? Listener(ClusterView view, ServiceView service, ServicePortView port)
    {
        foreach (var pod in service.Pods)
        {
            if (pod.Ports.FirstOrDefault(declared => declared.Protocol == "SCTP" && (port.TargetName is null ? declared.Number == port.TargetNumber : declared.Name == port.TargetName)) is not null)
            {
                return Advice.Ports(pod);
            }

            if (port.TargetNumber is { } number)
            {
                if (pod.Containers.SelectMany(container => SctpCommands.Netcats(container.Line)).FirstOrDefault(call =>
                    SctpCommands.Listens(call) && call.Contains("--sctp", StringComparison.Ordinal) && SctpCommands.ListenPort(call) == number) is { } command)
                {
                    return $"{pod.Title} runs `{command}`";
                }

                if (view.Facts.Pod(pod.Namespace, pod.Name) is { Listeners: { } listeners } facts && listeners.Any(listener => listener.Port == number))
                {
                    return $"{pod.Title} has an SCTP listener at {number} ({facts.ReadBy}, /proc/net/sctp/eps)";
                }
            }
        }

        return null;
    }
}
