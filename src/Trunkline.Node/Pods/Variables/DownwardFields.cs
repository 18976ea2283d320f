using System.Globalization;
using System.Text;
using k8s.Models;

namespace Trunkline.Node.Pods.Variables;

/// <summary>The fields of a Pod that its containers may be told (downward API). Pure.</summary>
internal static class DownwardFields
{
    /// <summary>The value of a fieldPath; null where the API has no such field, which validation should have refused.</summary>
    public static string? Field(V1Pod pod, string path, IReadOnlyList<string> podIps, IReadOnlyList<string> nodeIps) => path switch
    {
        "metadata.name" => pod.Metadata.Name,
        "metadata.namespace" => pod.Metadata.NamespaceProperty,
        "metadata.uid" => pod.Metadata.Uid,
        "metadata.labels" => Lines(pod.Metadata.Labels),
        "metadata.annotations" => Lines(pod.Metadata.Annotations),
        "spec.nodeName" => pod.Spec.NodeName,
        "spec.serviceAccountName" => pod.Spec.ServiceAccountName ?? "default",
        "status.podIP" => podIps.Count > 0 ? podIps[0] : "",
        "status.podIPs" => string.Join(',', podIps),
        "status.hostIP" => nodeIps.Count > 0 ? nodeIps[0] : "",
        "status.hostIPs" => string.Join(',', nodeIps),
        _ => Subscript(path, "metadata.labels", pod.Metadata.Labels) ?? Subscript(path, "metadata.annotations", pod.Metadata.Annotations),
    };

    /// <summary>A container's request or limit, rounded up to whole divisors; a limit that is not set is the node's capacity.</summary>
    public static string Resource(V1Container container, V1ResourceFieldSelector selector, IDictionary<string, ResourceQuantity> nodeCapacity)
    {
        var (kind, name) = selector.Resource.Split('.', 2) is [var head, var tail] ? (head, tail) : ("", selector.Resource);
        var list = kind == "limits" ? container.Resources?.Limits : container.Resources?.Requests;
        var value = 0m;
        if (list is not null && list.TryGetValue(name, out var own))
        {
            value = own.ToDecimal();
        }
        else if (kind == "limits" && nodeCapacity.TryGetValue(name, out var capacity))
        {
            value = capacity.ToDecimal();
        }

        var divisor = selector.Divisor?.ToDecimal() is { } number and > 0 ? number : 1;
        return Math.Ceiling(value / divisor).ToString(CultureInfo.InvariantCulture);
    }

    private static string? Subscript(string path, string map, IDictionary<string, string>? values)
    {
        if (!path.StartsWith(map + "['", StringComparison.Ordinal) || !path.EndsWith("']", StringComparison.Ordinal))
        {
            return null;
        }

        var key = path[(map.Length + 2)..^2];
        return values is not null && values.TryGetValue(key, out var value) ? value : "";
    }

    // key="escaped value", sorted: as the kubelet writes labels and annotations into files.
    private static string Lines(IDictionary<string, string>? values)
    {
        var text = new StringBuilder();
        foreach (var (key, value) in (values ?? new Dictionary<string, string>()).OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            text.Append(text.Length > 0 ? "\n" : "").Append(key).Append("=\"");
            text.Append(value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
                .Replace("\n", "\\n", StringComparison.Ordinal)).Append('"');
        }

        return text.ToString();
    }
}
