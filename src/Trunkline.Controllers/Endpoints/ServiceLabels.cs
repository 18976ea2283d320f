using k8s.Models;
using Trunkline.Controllers.Client;

namespace Trunkline.Controllers.Endpoints;

internal static class ServiceLabels
{
    public const string ServiceName = "kubernetes.io/service-name";
    public const string ManagedBy = "endpointslice.kubernetes.io/managed-by";
    public const string SliceController = "endpointslice-controller.k8s.io";
    public const string Headless = "service.kubernetes.io/headless";
    public const string ChangeTrigger = "endpoints.kubernetes.io/last-change-trigger-time";
    public const string OverCapacity = "endpoints.kubernetes.io/over-capacity";

    public static bool IsHeadless(V1Service service) => service.Spec.ClusterIP == "None";

    /// <summary>Services without a selector have their endpoints from somebody else; an ExternalName has none.</summary>
    public static bool Selects(V1Service service) => service.Spec.Selector is { Count: > 0 } && service.Spec.Type != "ExternalName";

    /// <summary>A Service's labels go on to its slices, but for those that are the controller's own.</summary>
    public static Dictionary<string, string> ForSlices(V1Service service)
    {
        var labels = new Dictionary<string, string>(service.Metadata.Labels ?? new Dictionary<string, string>());
        labels.Remove(Headless);
        labels[ServiceName] = service.Metadata.Name;
        labels[ManagedBy] = SliceController;
        if (IsHeadless(service))
        {
            labels[Headless] = "";
        }

        return labels;
    }

    public static Dictionary<string, string> ForEndpoints(V1Service service)
    {
        var labels = new Dictionary<string, string>(service.Metadata.Labels ?? new Dictionary<string, string>());
        labels.Remove(Headless);
        if (IsHeadless(service))
        {
            labels[Headless] = "";
        }

        return labels;
    }

    public static bool Same(IDictionary<string, string>? left, IDictionary<string, string>? right) =>
        (left?.Count ?? 0) == (right?.Count ?? 0) && (left is null || left.All(p => right!.TryGetValue(p.Key, out var v) && v == p.Value));

    /// <summary>When the newest thing happened that the endpoints follow from: the Service was made, or a Pod became ready or unready.</summary>
    public static DateTime? TriggerTime(V1Service service, IEnumerable<EndpointCandidate> candidates) =>
        candidates.Select(c => c.Pod.Condition("Ready")?.LastTransitionTime).Append(service.Metadata.CreationTimestamp).Max();
}
