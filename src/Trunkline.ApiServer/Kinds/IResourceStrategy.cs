using System.Text.Json.Nodes;
using Trunkline.ApiServer.Validation.Decoding;
using Trunkline.ApiServer.Validation.Fields;

namespace Trunkline.ApiServer.Kinds;

/// <summary>
/// What is peculiar to a kind. Objects are documents; the caller has already decoded them, given them name, namespace, uid and creationTimestamp,
/// and calls in the order ApplyDefaults, PrepareForCreate or PrepareForUpdate, Validate or ValidateUpdate. Cluster IPs and node ports are given by the caller, between preparing and validating.
/// Found by <c>Strategies.StrategyCatalog.For(ResourceKind)</c>.
/// </summary>
public interface IResourceStrategy
{
    /// <summary>Whether metadata.generation counts changes of anything but metadata and status.</summary>
    bool HasGeneration { get; }

    /// <summary>Reads a JSON body as this kind: unknown and duplicate fields are noted, a wrong type throws <see cref="DecodingException"/>.</summary>
    DecodedDocument Decode(ReadOnlySpan<byte> json);

    /// <summary>Fills in defaults, in place.</summary>
    void ApplyDefaults(JsonObject obj);

    /// <summary>Drops or sets what a client may not choose on create (status), in place.</summary>
    void PrepareForCreate(JsonObject obj);

    /// <summary>Takes from the old object what this write may not change, in place.</summary>
    /// <param name="obj">The new object.</param>
    /// <param name="old">The stored object; not to be changed.</param>
    /// <param name="subresource">Empty for the object itself, <c>status</c> for its status.</param>
    void PrepareForUpdate(JsonObject obj, JsonObject old, string subresource);

    /// <summary>All complaints about a new object, metadata included, in the server's order.</summary>
    IReadOnlyList<FieldError> Validate(JsonObject obj);

    /// <summary>All complaints about a changed object.</summary>
    IReadOnlyList<FieldError> ValidateUpdate(JsonObject obj, JsonObject old, string subresource);

    /// <summary>Texts of <c>Warning: 299</c> headers for an accepted object.</summary>
    IReadOnlyList<string> Warnings(JsonObject obj, JsonObject? old);

    /// <summary>Columns of the kind's Table.</summary>
    IReadOnlyList<TableColumn> Columns { get; }

    /// <summary>One cell for each column.</summary>
    IReadOnlyList<JsonNode?> Cells(JsonObject obj, DateTimeOffset now);
}
