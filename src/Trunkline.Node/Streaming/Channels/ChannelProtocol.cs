using System.Text.Json;
using System.Text.Json.Nodes;

namespace Trunkline.Node.Streaming.Channels;

/// <summary>Names and messages of v4 and v5.channel.k8s.io. Pure.</summary>
internal static class ChannelProtocol
{
    public const string V5 = "v5.channel.k8s.io";
    public const string V4 = "v4.channel.k8s.io";

    /// <summary>The newest one both sides know, or null.</summary>
    public static string? Choose(IEnumerable<string> offered)
    {
        var names = offered.ToHashSet(StringComparer.Ordinal);
        return names.Contains(V5) ? V5 : names.Contains(V4) ? V4 : null;
    }

    /// <summary>The last message: how the command ended.</summary>
    public static byte[] Status(int exitCode) => exitCode == 0
        ? Bytes(new JsonObject { ["metadata"] = new JsonObject(), ["status"] = "Success" })
        : Bytes(new JsonObject
        {
            ["metadata"] = new JsonObject(),
            ["status"] = "Failure",
            ["message"] = $"command terminated with non-zero exit code: error executing command, exit code {exitCode}",
            ["reason"] = "NonZeroExitCode",
            ["details"] = new JsonObject
            {
                ["causes"] = new JsonArray(new JsonObject { ["reason"] = "ExitCode", ["message"] = $"{exitCode}" }),
            },
        });

    /// <summary>The last message where the command could not even be started, or its end is not known.</summary>
    public static byte[] InternalError(string message) => Bytes(new JsonObject
    {
        ["metadata"] = new JsonObject(),
        ["status"] = "Failure",
        ["message"] = message,
        ["reason"] = "InternalError",
        ["code"] = 500,
    });

    /// <summary>A terminal's new size; false for anything else.</summary>
    public static bool TryReadSize(ReadOnlySpan<byte> message, out ushort columns, out ushort rows)
    {
        (columns, rows) = (0, 0);
        try
        {
            var reader = new Utf8JsonReader(message);
            using var document = JsonDocument.ParseValue(ref reader);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("Width", out var width) && width.ValueKind == JsonValueKind.Number && width.TryGetUInt16(out columns)
                && document.RootElement.TryGetProperty("Height", out var height) && height.ValueKind == JsonValueKind.Number && height.TryGetUInt16(out rows);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static byte[] Bytes(JsonObject status) => System.Text.Encoding.UTF8.GetBytes(status.ToJsonString());
}
