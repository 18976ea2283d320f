using System.Collections.Concurrent;

namespace Trunkline.ApiServer.Kinds.Strategies;

/// <summary>The strategy of every kind the server knows.</summary>
public static class StrategyCatalog
{
    private static readonly ConcurrentDictionary<(string, string, string), IResourceStrategy> Made = new();

    public static IResourceStrategy For(ResourceKind kind) => Made.GetOrAdd((kind.Group, kind.Version, kind.Kind), _ => new Strategy(kind, Rules(kind)));

    private static KindRules Rules(ResourceKind kind) =>
        CoreKinds.Find(kind) ?? NetworkKinds.Find(kind) ?? WorkloadKinds.Find(kind) ?? AccessKinds.Find(kind) ?? OpenShiftKinds.Find(kind) ?? SecondaryNetworkKinds.Find(kind) ?? Plain(kind);

    // Reviews and other requests: decoded, and answered by whoever serves them.
    private static KindRules Plain(ResourceKind kind) => new(kind.Model is { } model ? Validation.Decoding.ModelSchema.Of(model) : CustomSchemas.Open(kind.Kind));
}
