using k8s;
using k8s.Models;
using Trunkline.Controllers.Client;

namespace Trunkline.Controllers.Namespaces;

/// <summary>Asks the server which kinds it has, at their preferred versions.</summary>
internal sealed class ResourceDiscovery(ClusterClient client)
{
    public async Task<IReadOnlyList<NamespacedResource>> NamespacedAsync(CancellationToken token)
    {
        var found = new List<NamespacedResource>();
        await AddAsync(found, "", "v1", token).ConfigureAwait(false);
        var groups = await client.Kubernetes.Apis.GetAPIVersionsAsync(token).ConfigureAwait(false);
        foreach (var group in groups.Groups ?? [])
        {
            var version = group.PreferredVersion?.Version ?? group.Versions[0].Version;
            await AddAsync(found, group.Name, version, token).ConfigureAwait(false);
        }

        return found;
    }

    public async Task<ResourceType?> FindAsync(string apiVersion, string kind, CancellationToken token)
    {
        var slash = apiVersion.IndexOf('/', StringComparison.Ordinal);
        var (group, version) = slash < 0 ? ("", apiVersion) : (apiVersion[..slash], apiVersion[(slash + 1)..]);
        try
        {
            var list = await ListAsync(group, version, token).ConfigureAwait(false);
            var match = list.Resources.FirstOrDefault(r => r.Kind == kind && !r.Name.Contains('/', StringComparison.Ordinal));
            return match is null ? null : new ResourceType(group, version, match.Name, kind, match.Namespaced);
        }
        catch (Exception e) when (ApiErrors.IsNotFound(e))
        {
            return null;
        }
    }

    private async Task AddAsync(List<NamespacedResource> to, string group, string version, CancellationToken token)
    {
        var list = await ListAsync(group, version, token).ConfigureAwait(false);
        to.AddRange(list.Resources
            .Where(r => r.Namespaced && !r.Name.Contains('/', StringComparison.Ordinal) && r.Verbs.Contains("list") && r.Verbs.Contains("delete"))
            .Select(r => new NamespacedResource(new ResourceType(group, version, r.Name, r.Kind, true), r.Verbs.Contains("deletecollection"))));
    }

    private Task<V1APIResourceList> ListAsync(string group, string version, CancellationToken token) =>
        client.Kubernetes.CustomObjects.GetAPIResourcesAsync(group, version, token);
}
