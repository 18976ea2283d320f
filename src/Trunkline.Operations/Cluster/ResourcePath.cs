using System.Text.Json.Nodes;

namespace Trunkline.Operations.Cluster;

/// <summary>Where an object lives in the API.</summary>
/// <param name="Collection">The path of its collection, such as <c>/api/v1/namespaces/default/pods</c>.</param>
/// <param name="Name">Its name.</param>
public sealed record ResourcePath(string Collection, string Name)
{
    private static readonly Dictionary<string, (string Plural, bool Namespaced)> s_kinds = new(StringComparer.Ordinal)
    {
        ["v1/Pod"] = ("pods", true),
        ["v1/Service"] = ("services", true),
        ["v1/Namespace"] = ("namespaces", false),
        ["v1/Node"] = ("nodes", false),
        ["networking.k8s.io/v1/NetworkPolicy"] = ("networkpolicies", true),
        ["machineconfiguration.openshift.io/v1/MachineConfig"] = ("machineconfigs", false),
        ["machineconfiguration.openshift.io/v1/MachineConfigPool"] = ("machineconfigpools", false),
    };

    /// <summary>The object's own path.</summary>
    public string Path => $"{Collection}/{Name}";

    /// <summary>Finds where a manifest's object belongs: its own namespace, or <paramref name="defaultNamespace"/> as a client's current project.</summary>
    /// <exception cref="ClusterException">The kind is not one that this program applies.</exception>
    public static ResourcePath Of(JsonObject manifest, string defaultNamespace)
    {
        var apiVersion = manifest["apiVersion"]?.GetValue<string>() ?? "";
        var kind = manifest["kind"]?.GetValue<string>() ?? "";
        if (!s_kinds.TryGetValue($"{apiVersion}/{kind}", out var known))
        {
            throw new ClusterException($"no path is known for kind \"{kind}\" in apiVersion \"{apiVersion}\"");
        }

        var name = manifest["metadata"]?["name"]?.GetValue<string>() ?? "";
        var root = apiVersion.Contains('/', StringComparison.Ordinal) ? $"/apis/{apiVersion}" : $"/api/{apiVersion}";
        var ns = manifest["metadata"]?["namespace"]?.GetValue<string>() ?? defaultNamespace;
        return new ResourcePath(known.Namespaced ? $"{root}/namespaces/{ns}/{known.Plural}" : $"{root}/{known.Plural}", name);
    }

    /// <summary>The path of a Pod.</summary>
    public static ResourcePath Pod(string ns, string name) => new($"/api/v1/namespaces/{ns}/pods", name);
}
