using System.Globalization;

namespace Trunkline.Node.Pods.Variables;

/// <summary>The variables by which Services are announced to containers: {SVC}_SERVICE_HOST and what Docker links looked like. Pure.</summary>
internal static class ServiceVariables
{
    /// <summary>Those of the Pod's own namespace, and always those of default/kubernetes.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Build(IEnumerable<AnnouncedService> services, string podNamespace, bool serviceLinks) =>
        [.. services
            .Where(service => IsMaster(service) || (serviceLinks && service.Namespace == podNamespace))
            .OrderBy(service => service.Name, StringComparer.Ordinal)
            // A Service "kubernetes" of the Pod's own namespace is closer than default's.
            .GroupBy(service => service.Name, StringComparer.Ordinal)
            .Select(group => group.OrderByDescending(service => serviceLinks && service.Namespace == podNamespace).First())
            .SelectMany(Of)];

    private static bool IsMaster(AnnouncedService service) => service is { Namespace: "default", Name: "kubernetes" };

    private static IEnumerable<KeyValuePair<string, string>> Of(AnnouncedService service)
    {
        var (name, host, ports) = (Upper(service.Name), service.Address, service.Ports);
        yield return new($"{name}_SERVICE_HOST", host);
        yield return new($"{name}_SERVICE_PORT", Number(ports[0].Number));
        foreach (var port in ports.Where(port => port.Name.Length > 0))
        {
            yield return new($"{name}_SERVICE_PORT_{Upper(port.Name)}", Number(port.Number));
        }

        yield return new($"{name}_PORT", Url(host, ports[0]));
        foreach (var port in ports)
        {
            var prefix = $"{name}_PORT_{Number(port.Number)}_{port.Protocol.ToUpperInvariant()}";
            yield return new(prefix, Url(host, port));
            yield return new($"{prefix}_PROTO", Lower(port.Protocol));
            yield return new($"{prefix}_PORT", Number(port.Number));
            yield return new($"{prefix}_ADDR", host);
        }
    }

    private static string Url(string host, AnnouncedPort port) => $"{Lower(port.Protocol)}://{host}:{Number(port.Number)}";

    private static string Upper(string name) => name.ToUpperInvariant().Replace('-', '_');

#pragma warning disable CA1308 // These values are lower case by definition, not a normalisation.
    private static string Lower(string protocol) => protocol.ToLowerInvariant();
#pragma warning restore CA1308

    private static string Number(int port) => port.ToString(CultureInfo.InvariantCulture);
}
