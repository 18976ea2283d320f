using System.Text.Json.Nodes;
using Trunkline.Operations.Cluster;

namespace Trunkline.Operations.Objects;

/// <summary>One object of a cluster, as it stood when it was read.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Namespace">Its namespace; null for a kind that has none.</param>
/// <param name="Name">Its name.</param>
/// <param name="Document">The object itself. It is shared: whoever wants to change it makes a copy.</param>
/// <param name="Origin">Where it was read: a file of an archive; null for a live cluster.</param>
public sealed record ClusterObject(ResourceKind Kind, string? Namespace, string Name, JsonObject Document, string? Origin = null)
{
    /// <summary>The object as people name it: <c>NetworkPolicy sctp-demo/allow</c>.</summary>
    public string Title => Namespace is null ? $"{Kind.Name} {Name}" : $"{Kind.Name} {Namespace}/{Name}";

    /// <summary>The object's spec; null when it has none.</summary>
    public JsonObject? Spec => Document["spec"] as JsonObject;

    /// <summary>The object's status; null when it has none.</summary>
    public JsonObject? Status => Document["status"] as JsonObject;

    /// <summary>A label's value; null without it.</summary>
    public string? Label(string key) => Document["metadata"].Field("labels").Field(key).AsText();

    /// <summary>An annotation's value; null without it.</summary>
    public string? Annotation(string key) => Document["metadata"].Field("annotations").Field(key).AsText();
}
