using Trunkline.Operations.Cluster;

namespace Trunkline.Operations.Access;

/// <summary>What a command has to be allowed to do with a kind of objects.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Verbs">The verbs of RBAC.</param>
/// <param name="Subresource">A subresource, such as <c>log</c>; null for the objects themselves.</param>
/// <param name="Namespace">The only namespace in which it is needed; null for all of the cluster.</param>
/// <param name="Names">The only objects that it is needed for; none for all.</param>
public sealed record AccessRule(ResourceKind Kind, IReadOnlyList<string> Verbs, string? Subresource = null, string? Namespace = null, IReadOnlyList<string>? Names = null)
{
    /// <summary>The resource as RBAC writes it.</summary>
    public string Resource => Subresource is null ? Kind.Plural : $"{Kind.Plural}/{Subresource}";
}
