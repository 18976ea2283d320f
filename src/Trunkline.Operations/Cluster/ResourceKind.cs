namespace Trunkline.Operations.Cluster;

/// <summary>A kind of object as the API names it.</summary>
/// <param name="Group">The API group; empty for the core group.</param>
/// <param name="Version">The version in which Trunkline reads and writes it, such as <c>v1</c>.</param>
/// <param name="Plural">The word of its paths and of RBAC rules, such as <c>networkpolicies</c>.</param>
/// <param name="Name">The kind, such as <c>NetworkPolicy</c>.</param>
/// <param name="Namespaced">Whether its objects live in namespaces.</param>
public sealed record ResourceKind(string Group, string Version, string Plural, string Name, bool Namespaced)
{
    /// <summary>The <c>apiVersion</c> of its objects.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>The path of its collection: in one namespace, or (null) in all of them.</summary>
    public string Collection(string? ns)
    {
        var root = Group.Length == 0 ? $"/api/{Version}" : $"/apis/{Group}/{Version}";
        return Namespaced && ns is not null ? $"{root}/namespaces/{ns}/{Plural}" : $"{root}/{Plural}";
    }

    /// <summary>The resource as <c>kubectl</c> writes it: <c>networkpolicies.networking.k8s.io</c>.</summary>
    public override string ToString() => Group.Length == 0 ? Plural : $"{Plural}.{Group}";
}
