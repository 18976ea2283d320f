using System.Text.Json.Nodes;
using Trunkline.ApiServer.Kinds;
using Trunkline.ApiServer.Storage;

namespace Trunkline.ApiServer.Registry;

/// <summary>Documents as a kind shows them, from what is stored and back.</summary>
internal static class Documents
{
    public static JsonObject Read(ResourceKind kind, StoredObject stored) => IsConverted(kind) ? EventConversion.ToNew(stored.Parse()) : stored.Parse();

    public static JsonObject ForStorage(ResourceKind kind, JsonObject document) => IsConverted(kind)
        ? ObjectMetadata.Arranged(EventConversion.ToCore((JsonObject)document.DeepClone()), kind.Kind, "v1")
        : ObjectMetadata.Arranged(document, kind.Kind, kind.ApiVersion);

    /// <summary>Stores a document and gives it as the kind shows it.</summary>
    public static JsonObject Put(WriteSession session, ResourceKind kind, ObjectKey key, JsonObject document) =>
        Read(kind, session.Put(key, ForStorage(kind, document)));

    public static bool IsConverted(ResourceKind kind) => kind.Group == "events.k8s.io";
}
