using k8s.Models;
using Trunkline.Controllers.Client;
using Trunkline.Controllers.Informers;
using Trunkline.Controllers.Queues;

namespace Trunkline.Controllers.Namespaces;

/// <summary>What every namespace has from its first moment: ServiceAccount default, and the certificate authorities Pods trust.</summary>
internal sealed class NamespaceContentsReconciler(Cluster cluster) : IReconciler
{
    private const string ServiceAccount = "default";

    public string Name => "namespace-contents";

    public int Workers => 2;

    public IReadOnlyList<IInformer> Needs => [cluster.Namespaces, cluster.ServiceAccounts, cluster.ConfigMaps];

    public void Subscribe(WorkQueue queue)
    {
        cluster.Namespaces.Store.Changed += (_, now) => Add(queue, now?.Metadata.Name);
        cluster.ServiceAccounts.Store.Changed += (old, now) => Add(queue, now is null ? old!.Metadata.NamespaceProperty : null);
        cluster.ConfigMaps.Store.Changed += (old, now) =>
            Add(queue, CertificateMaps().Any(m => m.Name == (now ?? old)!.Metadata.Name) ? (now ?? old)!.Metadata.NamespaceProperty : null);
    }

    public async Task<TimeSpan?> ReconcileAsync(ObjectKey key, CancellationToken token)
    {
        if (!cluster.Namespaces.Store.TryGet(key, out var found) || found.IsDeleting() || found.Status?.Phase == "Terminating")
        {
            return null;
        }

        if (cluster.ServiceAccounts.Store.Get(key.Name, ServiceAccount) is null)
        {
            var account = new V1ServiceAccount { Metadata = new V1ObjectMeta { Name = ServiceAccount, NamespaceProperty = key.Name } };
            await CreateAsync(cluster.ServiceAccounts, account, token).ConfigureAwait(false);
        }

        foreach (var (name, entry, note, text) in CertificateMaps())
        {
            await EnsureAsync(key.Name, name, entry, note, text, token).ConfigureAwait(false);
        }

        return null;
    }

    private static void Add(WorkQueue queue, string? name)
    {
        if (name is not null)
        {
            queue.Add(new ObjectKey("", name));
        }
    }

    /// <summary>The second one is OpenShift's: its Pods' token volume projects both (golden 03-get-describe).</summary>
    private static IEnumerable<(string Name, string Entry, string Note, string Text)> CertificateMaps() =>
    [
        ("kube-root-ca.crt", "ca.crt", "kubernetes.io/description",
            "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or "
            + "kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters."),
        ("openshift-service-ca.crt", "service-ca.crt", "service.beta.openshift.io/inject-cabundle", "true"),
    ];

    private async Task EnsureAsync(string home, string name, string entry, string note, string text, CancellationToken token)
    {
        if (cluster.Options.RootCertificateAuthority is not { } pem)
        {
            return;
        }

        var have = cluster.ConfigMaps.Store.Get(home, name);
        if (have?.Data is { } data && data.TryGetValue(entry, out var current) && current == pem)
        {
            return;
        }

        var map = have is null
            ? new V1ConfigMap { Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = home } }
            : ClusterClient.Copy(have);
        map.Data = new Dictionary<string, string> { [entry] = pem };
        map.Metadata.Annotations ??= new Dictionary<string, string>();
        map.Metadata.Annotations[note] = text;

        await (have is null ? CreateAsync(cluster.ConfigMaps, map, token) : cluster.ReplaceAsync(cluster.ConfigMaps, map, token)).ConfigureAwait(false);
    }

    /// <summary>The API server makes some of these too; who comes second is content.</summary>
    private async Task CreateAsync<T>(Informer<T> of, T item, CancellationToken token)
        where T : class, k8s.IKubernetesObject<V1ObjectMeta>
    {
        try
        {
            await cluster.CreateAsync(of, item, token).ConfigureAwait(false);
        }
        catch (Exception e) when (ApiErrors.IsConflict(e))
        {
            Log.Outrun(cluster.Logger, Name, item.Key(), e.Message);
        }
    }
}
