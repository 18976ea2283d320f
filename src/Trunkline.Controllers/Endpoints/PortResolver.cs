using System.Globalization;
using k8s.Models;

namespace Trunkline.Controllers.Endpoints;

internal static class PortResolver
{
    /// <summary>The ports of a Service on a Pod. A name that the Pod does not have (with that protocol) is left out.</summary>
    public static List<ResolvedPort> Resolve(V1Service service, V1Pod pod)
    {
        var found = new List<ResolvedPort>();
        foreach (var port in service.Spec.Ports ?? [])
        {
            var protocol = port.Protocol ?? "TCP";
            if (Find(port, protocol, pod) is { } number)
            {
                found.Add(new ResolvedPort(port.Name ?? "", number, protocol, port.AppProtocol));
            }
        }

        return found;
    }

    private static int? Find(V1ServicePort port, string protocol, V1Pod pod)
    {
        var target = port.TargetPort?.Value;
        if (string.IsNullOrEmpty(target) || target == "0")
        {
            return port.Port;
        }

        if (int.TryParse(target, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        // Sidecars serve as well; other init containers are over before the Pod is ready.
        return pod.Spec.Containers.Concat((pod.Spec.InitContainers ?? []).Where(c => c.RestartPolicy == "Always"))
            .SelectMany(c => c.Ports ?? [])
            .FirstOrDefault(p => p.Name == target && (p.Protocol ?? "TCP") == protocol)?.ContainerPort;
    }
}
