using k8s;
using k8s.Models;

namespace Trunkline.Node.Pods.Volumes;

/// <summary>ServiceAccount tokens for Pods (TokenRequest), asked for again when most of their time is over, as a kubelet does.</summary>
internal sealed class TokenSource(IKubernetes client, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (string Token, DateTimeOffset RenewAt)> _tokens = new(StringComparer.Ordinal);

    public async Task<string> GetAsync(V1Pod pod, string? audience, long seconds, CancellationToken cancellationToken)
    {
        var key = $"{pod.Metadata.Uid}/{audience}/{seconds}";
        var now = time.GetUtcNow();
        lock (_lock)
        {
            if (_tokens.TryGetValue(key, out var known) && now < known.RenewAt)
            {
                return known.Token;
            }
        }

        var request = new Authenticationv1TokenRequest
        {
            ApiVersion = "authentication.k8s.io/v1",
            Kind = "TokenRequest",
            Metadata = new V1ObjectMeta(),
            Spec = new V1TokenRequestSpec
            {
                Audiences = audience is null ? [] : [audience],
                ExpirationSeconds = seconds,
                BoundObjectRef = new V1BoundObjectReference { ApiVersion = "v1", Kind = "Pod", Name = pod.Metadata.Name, Uid = pod.Metadata.Uid },
            },
        };
        var answer = await client.CoreV1.CreateNamespacedServiceAccountTokenAsync(
            request, pod.Spec.ServiceAccountName ?? "default", pod.Metadata.NamespaceProperty, cancellationToken: cancellationToken);
        lock (_lock)
        {
            _tokens[key] = (answer.Status.Token, now + TimeSpan.FromSeconds(seconds * 0.8));
        }

        return answer.Status.Token;
    }

    public void Forget(string podUid)
    {
        lock (_lock)
        {
            foreach (var key in _tokens.Keys.Where(key => key.StartsWith(podUid + "/", StringComparison.Ordinal)).ToArray())
            {
                _tokens.Remove(key);
            }
        }
    }
}
