using System.Security.Cryptography;
using System.Text;

namespace Trunkline.ApiServer.Kinds;

/// <summary>A resource as discovery names it: where it is served, what it is called, and which model type of the official client describes it.</summary>
/// <param name="Group">API group; empty for the core group.</param>
/// <param name="Version">API version, such as <c>v1</c>.</param>
/// <param name="Kind">Kind, such as <c>NetworkPolicy</c>.</param>
/// <param name="Plural">The name in paths, such as <c>networkpolicies</c>.</param>
/// <param name="Namespaced">Whether objects live in a namespace.</param>
public sealed record ResourceKind(string Group, string Version, string Kind, string Plural, bool Namespaced)
{
    private static readonly string[] AllVerbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

    /// <summary>The singular name; by default the kind in lower case.</summary>
    public string Singular { get; init; } = Kind.ToLowerInvariant();

    public IReadOnlyList<string> ShortNames { get; init; } = [];

    /// <summary>Names for groups of kinds, such as <c>all</c>.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    public IReadOnlyList<string> Verbs { get; init; } = AllVerbs;

    public IReadOnlyList<SubresourceKind> Subresources { get; init; } = [];

    /// <summary>The official client's model type; null for kinds it does not know (OpenShift's), which are custom resources.</summary>
    public Type? Model { get; init; }

    /// <summary>Whether objects are kept. Reviews and requests are only answered.</summary>
    public bool Stored { get; init; } = true;

    /// <summary>Name under which objects are stored: the same for the same objects served by two groups (events).</summary>
    public string Storage { get; init; } = Group.Length == 0 ? Plural : Plural + "." + Group;

    /// <summary><c>v1</c>, <c>apps/v1</c>.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : Group + "/" + Version;

    /// <summary>The name used in messages: <c>services</c>, <c>networkpolicies.networking.k8s.io</c>.</summary>
    public string QualifiedResource => Group.Length == 0 ? Plural : Plural + "." + Group;

    /// <summary>A custom resource in the sense of apiextensions: no strategic merge patch, wrong types are 422.</summary>
    public bool IsCustom => Model is null;

    /// <summary>As apiserver's StorageVersionHash.</summary>
    public string StorageVersionHash =>
        Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes($"{Group}/{Version}/{Kind}")).AsSpan(0, 8));

    public bool Has(string verb) => Verbs.Contains(verb);

    public SubresourceKind? Subresource(string name) => Subresources.FirstOrDefault(s => s.Name == name);
}
