using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json.Nodes;

namespace Trunkline.ApiServer.Protobuf;

/// <summary>
/// Reads request bodies of type <c>application/vnd.kubernetes.protobuf</c>: the bytes <c>k8s\0</c> and a runtime.Unknown that names the kind and carries the object.
/// </summary>
public static class KubernetesProtobuf
{
    /// <summary>The media type.</summary>
    public const string MediaType = "application/vnd.kubernetes.protobuf";

    /// <summary>Decodes a body into the JSON of the same object, apiVersion and kind included.</summary>
    /// <param name="body">The request's body.</param>
    /// <param name="item">The object.</param>
    /// <param name="error">What is wrong with the body.</param>
    public static bool TryDecode(ReadOnlySpan<byte> body, [NotNullWhen(true)] out JsonObject? item, [NotNullWhen(false)] out string? error)
    {
        item = null;
        if (!body.StartsWith("k8s\0"u8))
        {
            error = "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]";
            return false;
        }

        if (!TryReadUnknown(body[4..], out var apiVersion, out var kind, out var raw))
        {
            error = "the protobuf envelope (runtime.Unknown) is malformed";
            return false;
        }

        if (ProtobufTable.Instance.MessageOf(apiVersion, kind) is not { } message)
        {
            error = $"no kind \"{kind}\" is registered for version \"{apiVersion}\" in protobuf";
            return false;
        }

        var decoded = new JsonObject { ["apiVersion"] = apiVersion, ["kind"] = kind };
        if (!MessageDecoder.TryDecode(message, raw, decoded))
        {
            error = $"the protobuf message of a {kind} is malformed";
            return false;
        }

        item = decoded;
        error = null;
        return true;
    }

    // runtime.Unknown: 1 TypeMeta {1 apiVersion, 2 kind}, 2 raw.
    private static bool TryReadUnknown(ReadOnlySpan<byte> bytes, out string apiVersion, out string kind, out ReadOnlySpan<byte> raw)
    {
        (apiVersion, kind) = ("", "");
        raw = default;
        var reader = new ProtobufReader(bytes);
        while (!reader.AtEnd)
        {
            if (!reader.TryReadField(out var number, out var wireType, out _, out var content))
            {
                return false;
            }

            if (number == 1 && wireType == 2 && !TryReadTypeMeta(content, out apiVersion, out kind))
            {
                return false;
            }

            if (number == 2 && wireType == 2)
            {
                raw = content;
            }
        }

        return true;
    }

    private static bool TryReadTypeMeta(ReadOnlySpan<byte> bytes, out string apiVersion, out string kind)
    {
        (apiVersion, kind) = ("", "");
        var reader = new ProtobufReader(bytes);
        while (!reader.AtEnd)
        {
            if (!reader.TryReadField(out var number, out _, out _, out var content))
            {
                return false;
            }

            if (number == 1)
            {
                apiVersion = Encoding.UTF8.GetString(content);
            }
            else if (number == 2)
            {
                kind = Encoding.UTF8.GetString(content);
            }
        }

        return true;
    }
}
