using System.Globalization;
using k8s.Models;

namespace Trunkline.Node.Pods.Variables;

/// <summary>The variables by which Services are announced to containers: {SVC}_SERVICE_HOST and what Docker links looked like. Pure.</summary>
internal static class ServiceVariables
{
    /// <summary>Those of the Pod's own namespace, and always those of default/kubernetes; headless Services have no address to announce.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Build(IEnumerable<V1Service> services, string podNamespace, bool serviceLinks) =>
        [.. services
            .Where(service => service.Spec.ClusterIP is { Length: > 0 } and not "None")
            .Where(service => IsMaster(service) || (serviceLinks && service.Metadata.NamespaceProperty == podNamespace))
            .OrderBy(service => service.Metadata.Name, StringComparer.Ordinal)
            // A Service "kubernetes" of the Pod's own namespace is closer than default's.
            .GroupBy(service => service.Metadata.Name, StringComparer.Ordinal)
            .Select(group => group.OrderByDescending(service => serviceLinks && service.Metadata.NamespaceProperty == podNamespace).First())
            .SelectMany(Of)];

    private static bool IsMaster(V1Service service) => service.Metadata is { NamespaceProperty: "default", Name: "kubernetes" };

    private static IEnumerable<KeyValuePair<string, string>> Of(V1Service service)
    {
        if (service.Spec.Ports is not { Count: > 0 } ports)
        {
            yield break;
        }

        var name = Upper(service.Metadata.Name);
        var host = service.Spec.ClusterIP;
        yield return new($"{name}_SERVICE_HOST", host);
        yield return new($"{name}_SERVICE_PORT", Number(ports[0].Port));
        foreach (var port in ports.Where(port => !string.IsNullOrEmpty(port.Name)))
        {
            yield return new($"{name}_SERVICE_PORT_{Upper(port.Name)}", Number(port.Port));
        }

        yield return new($"{name}_PORT", Url(host, ports[0]));
        foreach (var port in ports)
        {
            var protocol = port.Protocol ?? "TCP";
            var prefix = $"{name}_PORT_{Number(port.Port)}_{protocol.ToUpperInvariant()}";
            yield return new(prefix, Url(host, port));
            yield return new($"{prefix}_PROTO", Lower(protocol));
            yield return new($"{prefix}_PORT", Number(port.Port));
            yield return new($"{prefix}_ADDR", host);
        }
    }

    private static string Url(string host, V1ServicePort port) => $"{Lower(port.Protocol ?? "TCP")}://{host}:{Number(port.Port)}";

    private static string Upper(string name) => name.ToUpperInvariant().Replace('-', '_');

#pragma warning disable CA1308 // These values are lower case by definition, not a normalisation.
    private static string Lower(string protocol) => protocol.ToLowerInvariant();
#pragma warning restore CA1308

    private static string Number(int port) => port.ToString(CultureInfo.InvariantCulture);
}
