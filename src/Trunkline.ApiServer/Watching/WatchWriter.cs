using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Trunkline.ApiServer.Errors;
using Trunkline.ApiServer.Http;
using Trunkline.ApiServer.Kinds;
using Trunkline.ApiServer.Registry;
using Trunkline.ApiServer.Storage;

namespace Trunkline.ApiServer.Watching;

/// <summary>Sends changes to one client for as long as it watches.</summary>
internal sealed class WatchWriter(HttpContext context, ResourceKind kind, Representation representation, TimeProvider clock) : IDisposable
{
    private readonly string _include = context.Request.Query["includeObject"].ToString();
    private readonly MemoryStream _buffer = new();
    private bool _columnsSent;

    public void Change(string type, StoredObject stored) => Event(type, Body(type, Documents.Read(kind, stored), stored));

    /// <summary>Tells the revision that the client has reached.</summary>
    public void Bookmark(long revision, bool initialEnd)
    {
        var metadata = new JsonObject { ["resourceVersion"] = revision.ToString(System.Globalization.CultureInfo.InvariantCulture) };
        // An object of the kind with nothing in it, as Go writes one.
        var document = kind.IsCustom ? [] : Kinds.Strategies.StrategyCatalog.For(kind).Decode("{}"u8).Document;
        document["metadata"] = metadata;
        document = ObjectMetadata.Arranged(document, kind.Kind, kind.ApiVersion);
        metadata = document.Metadata();
        metadata["creationTimestamp"] = null;
        if (initialEnd)
        {
            metadata["annotations"] = new JsonObject { ["k8s.io/initial-events-end"] = "true" };
        }

        Event("BOOKMARK", representation.Transform switch
        {
            "Table" => Table(document),
            "" => Bytes(document),
            _ => Bytes(TableFormat.Partial(document, representation.TransformVersion)),
        });
    }

    public void Dispose() => _buffer.Dispose();

    public void Error(ApiStatusException error) => Event("ERROR", Bytes(error.ToStatus()));

    public async Task FlushAsync(CancellationToken token)
    {
        if (_buffer.Length > 0)
        {
            await context.Response.Body.WriteAsync(_buffer.GetBuffer().AsMemory(0, (int)_buffer.Length), token);
            _buffer.SetLength(0);
            await context.Response.Body.FlushAsync(token);
        }
    }

    private ReadOnlySpan<byte> Body(string type, JsonObject document, StoredObject stored) => representation.Transform switch
    {
        "Table" => Table(document),
        "" => Documents.IsConverted(kind) ? Bytes(document) : stored.Body,
        _ => Bytes(TableFormat.Partial(document, representation.TransformVersion)),
    };

    // Column definitions are sent once a watch, as from the real server.
    private byte[] Table(JsonObject document)
    {
        var version = ObjectMetadata.Text(document["metadata"]?["resourceVersion"]);
        var table = TableFormat.Table(
            kind, representation.TransformVersion, [document], new JsonObject { ["resourceVersion"] = version }, _include, clock.GetUtcNow(), !_columnsSent);
        _columnsSent = true;
        return Bytes(table);
    }

    private static byte[] Bytes(JsonNode node) => GoJson.ToBytes(node);

    private void Event(string type, ReadOnlySpan<byte> body)
    {
        _buffer.Write(System.Text.Encoding.ASCII.GetBytes($"{{\"type\":\"{type}\",\"object\":"));
        _buffer.Write(body);
        _buffer.Write("}\n"u8);
    }
}
