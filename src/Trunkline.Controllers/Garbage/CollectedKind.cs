using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Trunkline.Controllers.Client;
using Trunkline.Controllers.Informers;

namespace Trunkline.Controllers.Garbage;

/// <summary>A kind whose objects take part in garbage collection, whatever its type.</summary>
internal sealed record CollectedKind(
    ResourceType Type,
    IInformer Informer,
    Func<IEnumerable<IKubernetesObject<V1ObjectMeta>>> All,
    Func<ObjectKey, IKubernetesObject<V1ObjectMeta>?> Get,
    Action<Action<IKubernetesObject<V1ObjectMeta>?, IKubernetesObject<V1ObjectMeta>?>> OnChange,
    Func<ObjectKey, JsonObject, CancellationToken, Task> PatchAsync)
{
    public static CollectedKind Of<T>(Cluster cluster, Informer<T> informer)
        where T : class, IKubernetesObject<V1ObjectMeta> => new(
            informer.Type,
            informer,
            () => informer.Store.All,
            key => informer.Store.Get(key),
            handler => informer.Store.Changed += (old, now) => handler(old, now),
            (key, patch, token) => cluster.PatchAsync(informer, key, patch, token));
}
