using Trunkline.ApiServer.Kinds;
using Trunkline.ApiServer.Kinds.Strategies;
using Trunkline.ApiServer.Security;
using Trunkline.ApiServer.Storage;

namespace Trunkline.ApiServer.Registry;

/// <summary>The circumstances of a write.</summary>
/// <param name="Kind">The kind written.</param>
/// <param name="Namespace">Namespace of the request; empty for cluster scope.</param>
/// <param name="Name">Name in the path; empty for the collection.</param>
/// <param name="Subresource">Empty, or such as <c>status</c>.</param>
/// <param name="User">Who writes.</param>
/// <param name="Options">The query's options.</param>
/// <param name="Now">The time of the write.</param>
public sealed record WriteRequest(ResourceKind Kind, string Namespace, string Name, string Subresource, UserInfo User, WriteOptions Options, DateTimeOffset Now)
{
    public IResourceStrategy Strategy => StrategyCatalog.For(Kind);

    /// <summary>Texts for Warning headers, gathered on the way.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>Namespace under which the object is stored: none for cluster scope.</summary>
    public string StoredNamespace => Kind.Namespaced ? Namespace : "";

    public ObjectKey Key(string name) => new(Kind.Storage, StoredNamespace, name);
}
