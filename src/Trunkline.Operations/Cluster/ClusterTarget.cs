using k8s;
using k8s.Exceptions;
using k8s.KubeConfigModels;

namespace Trunkline.Operations.Cluster;

/// <summary>Which cluster a command is for, in the words of <c>kubectl</c>.</summary>
/// <param name="Kubeconfig">A kubeconfig file; null for <c>$KUBECONFIG</c>, then <c>~/.kube/config</c>, then the Pod that the program runs in.</param>
/// <param name="Context">A context of it; null for its current one.</param>
/// <param name="Namespace">A namespace; null for the context's, or <c>default</c>.</param>
public sealed record ClusterTarget(string? Kubeconfig = null, string? Context = null, string? Namespace = null)
{
    /// <summary>Reads the configuration that this target names.</summary>
    /// <exception cref="ClusterException">There is none, or it cannot be used; the message says which file and what to do.</exception>
    public KubernetesClientConfiguration Resolve()
    {
        var named = Kubeconfig ?? Environment.GetEnvironmentVariable("KUBECONFIG");
        var files = string.IsNullOrEmpty(named) ? [KubernetesClientConfiguration.KubeConfigDefaultLocation] : named.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        if (Kubeconfig is null && !files.Any(File.Exists))
        {
            return KubernetesClientConfiguration.IsInCluster()
                ? KubernetesClientConfiguration.InClusterConfig()
                : throw new ClusterException($"no cluster is named: neither --kubeconfig nor KUBECONFIG is given, and {files[0]} does not exist. `trunkline lab up` makes a cluster, and `trunkline lab kubeconfig` prints its kubeconfig.");
        }

        if (Kubeconfig is not null && !File.Exists(Kubeconfig))
        {
            throw new ClusterException($"the kubeconfig {Kubeconfig} does not exist.");
        }

        return Read([.. files.Where(File.Exists)]);
    }

    private KubernetesClientConfiguration Read(IReadOnlyList<string> files)
    {
        var where = string.Join(", ", files);
        try
        {
            var config = files.Select(file => KubernetesClientConfiguration.LoadKubeConfig(new FileInfo(file))).Aggregate(Merged);
            if (Context is not null && config.Contexts?.Any(context => context.Name == Context) != true)
            {
                throw new ClusterException($"{where} has no context \"{Context}\"; it has {Names(config.Contexts)}.");
            }

            return KubernetesClientConfiguration.BuildConfigFromConfigObject(config, Context);
        }
        catch (Exception error) when (error is KubeConfigException or YamlDotNet.Core.YamlException or FormatException or IOException or UnauthorizedAccessException
            or System.Security.Cryptography.CryptographicException or NullReferenceException or InvalidOperationException)
        {
            // (NullReferenceException: the client's own answer to a kubeconfig with empty parts.)
            throw new ClusterException($"the kubeconfig {where} cannot be used: {error.Message}", error);
        }
    }

    // As kubectl merges the files of $KUBECONFIG: of two entries with one name the first file's stays, and so does its current context.
    private static K8SConfiguration Merged(K8SConfiguration first, K8SConfiguration next)
    {
        first.Clusters = [.. (first.Clusters ?? []).Concat(next.Clusters ?? []).DistinctBy(cluster => cluster.Name)];
        first.Users = [.. (first.Users ?? []).Concat(next.Users ?? []).DistinctBy(user => user.Name)];
        first.Contexts = [.. (first.Contexts ?? []).Concat(next.Contexts ?? []).DistinctBy(context => context.Name)];
        first.CurrentContext = string.IsNullOrEmpty(first.CurrentContext) ? next.CurrentContext : first.CurrentContext;
        return first;
    }

    private static string Names(IEnumerable<Context>? contexts) => contexts?.Any() == true ? string.Join(", ", contexts.Select(context => $"\"{context.Name}\"")) : "none";
}
