using System.Text.Json.Nodes;
using Trunkline.ApiServer.Kinds;
using Trunkline.ApiServer.Storage;

namespace Trunkline.ApiServer.Registry;

/// <summary>Documents as a kind shows them, from what is stored and back.</summary>
internal static class Documents
{
    public static JsonObject Read(ResourceKind kind, StoredObject stored) => kind.Group switch
    {
        "events.k8s.io" => EventConversion.ToNew(stored.Parse()),
        "project.openshift.io" => Project(stored.Parse()),
        _ => stored.Parse(),
    };

    /// <summary>A namespace as OpenShift's users see it.</summary>
    public static JsonObject Project(JsonObject ns) => ObjectMetadata.Arranged(ns, "Project", "project.openshift.io/v1");

    public static JsonObject ForStorage(ResourceKind kind, JsonObject document) => kind.Group == "events.k8s.io"
        ? ObjectMetadata.Arranged(EventConversion.ToCore((JsonObject)document.DeepClone()), kind.Kind, "v1")
        : ObjectMetadata.Arranged(document, kind.Kind, kind.ApiVersion);

    /// <summary>Stores a document and gives it as the kind shows it.</summary>
    public static JsonObject Put(WriteSession session, ResourceKind kind, ObjectKey key, JsonObject document) =>
        Read(kind, session.Put(key, ForStorage(kind, document)));

    /// <summary>Whether objects are stored otherwise than the kind shows them.</summary>
    public static bool IsConverted(ResourceKind kind) => kind.Group is "events.k8s.io" or "project.openshift.io";
}
