using Trunkline.Operations.Doctor.View;

namespace Trunkline.Operations.Doctor.Checks;

/// <summary>Words that several checks use.</summary>
internal static class Advice
{
    private const int Most = 8;

    /// <summary>A list in words, cut after a few.</summary>
    public static string List(IEnumerable<string> items)
    {
        var all = items.Distinct().ToList();
        return all.Count <= Most ? string.Join(", ", all) : $"{string.Join(", ", all.Take(Most))} and {all.Count - Most} more";
    }

    /// <summary>The ports of a Pod as they are declared.</summary>
    public static string Ports(PodView pod) => pod.Ports.Count == 0
        ? $"{pod.Title} declares no port"
        : $"{pod.Title} declares {List(pod.Ports.Select(port => $"{port.Number}/{port.Protocol}{(port.Name is null ? "" : $" ({port.Name})")}{(port.IsWritten ? "" : " (no protocol written: TCP)")}"))}";

    /// <summary>A patch of a Service's port by kubectl.</summary>
    public static string PatchPort(ServiceView service, ServicePortView port, string json) =>
        $"kubectl -n {service.Namespace} patch service {service.Source.Name} --type=json -p '[{{\"op\":\"replace\",\"path\":\"/spec/ports/{service.Ports.ToList().IndexOf(port)}/{json}}}]'";

    /// <summary>Ports that the telecommunications protocols over SCTP have of IANA and 3GPP, which peers do not change.</summary>
    public static string? Telecom(int port) => port switch
    {
        38412 => "NGAP (N2)",
        38422 => "XnAP",
        38462 => "E1AP",
        38472 => "F1AP",
        36412 => "S1AP",
        36422 => "X2AP",
        29168 => "SBcAP",
        36421 or 36423 or 36424 => "RIC E2AP",
        2905 => "M3UA",
        2904 => "M2UA",
        3565 => "M2PA",
        3868 => "Diameter",
        _ => null,
    };
}
