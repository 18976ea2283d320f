using System.Text.Json.Nodes;

namespace Trunkline.Operations.Cluster;

/// <summary>Where an object lives in the API.</summary>
/// <param name="Collection">The path of its collection, such as <c>/api/v1/namespaces/default/pods</c>.</param>
/// <param name="Name">Its name.</param>
public sealed record ResourcePath(string Collection, string Name)
{
    /// <summary>The object's own path.</summary>
    public string Path => $"{Collection}/{Name}";

    /// <summary>Finds where a manifest's object belongs: its own namespace, or <paramref name="defaultNamespace"/> as a client's current project.</summary>
    /// <exception cref="ClusterException">The kind is not one that this program applies.</exception>
    public static ResourcePath Of(JsonObject manifest, string defaultNamespace)
    {
        var apiVersion = manifest["apiVersion"]?.GetValue<string>() ?? "";
        var kind = manifest["kind"]?.GetValue<string>() ?? "";
        var known = ResourceKinds.Of(apiVersion, kind);
        if (known?.ApiVersion != apiVersion)
        {
            throw new ClusterException($"no path is known for kind \"{kind}\" in apiVersion \"{apiVersion}\"");
        }

        var name = manifest["metadata"]?["name"]?.GetValue<string>() ?? "";
        return new ResourcePath(known.Collection(manifest["metadata"]?["namespace"]?.GetValue<string>() ?? defaultNamespace), name);
    }

    /// <summary>The path of a Pod.</summary>
    public static ResourcePath Pod(string ns, string name) => new(ResourceKinds.Pod.Collection(ns), name);
}
