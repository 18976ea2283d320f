using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Trunkline.ApiServer.Errors;

namespace Trunkline.ApiServer.Http;

/// <summary>Writes answers.</summary>
internal static class ResponseWriter
{
    /// <summary>Browsers and curl get indented JSON, as from the real server, unless they say otherwise.</summary>
    public static bool IsPretty(HttpRequest request)
    {
        var asked = request.Query["pretty"];
        if (asked.Count > 0)
        {
            return asked[0] is "1" or "t" or "T" or "true" or "TRUE" or "True";
        }

        var agent = request.Headers.UserAgent.ToString();
        return agent.StartsWith("curl", StringComparison.Ordinal) || agent.StartsWith("Wget", StringComparison.Ordinal) || agent.StartsWith("Mozilla/5.0", StringComparison.Ordinal);
    }

    public static Task WriteAsync(HttpContext context, int code, JsonNode node, Representation representation)
    {
        if (representation.Yaml)
        {
            return BytesAsync(context, code, "application/yaml", YamlWriter.ToBytes(node));
        }

        byte[] body = [.. GoJson.ToBytes(node, IsPretty(context.Request)), (byte)'\n'];
        return BytesAsync(context, code, "application/json", body);
    }

    public static Task TextAsync(HttpContext context, int code, string text)
    {
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return BytesAsync(context, code, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(text));
    }

    public static async Task BytesAsync(HttpContext context, int code, string type, ReadOnlyMemory<byte> body)
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = type;
        context.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(body, context.RequestAborted);
        }
    }

    public static Task ErrorAsync(HttpContext context, ApiStatusException error)
    {
        if (error.RetryAfterSeconds is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        var yaml = context.Request.Headers.Accept.ToString().StartsWith("application/yaml", StringComparison.Ordinal);
        return WriteAsync(context, error.Code, error.ToStatus(), Representation.Json with { Yaml = yaml });
    }

    /// <summary>RFC 7234 warnings: <c>299 - "text"</c>, each text once.</summary>
    public static void AddWarnings(HttpContext context, IEnumerable<string> warnings)
    {
        foreach (var text in warnings.Distinct(StringComparer.Ordinal).Take(64))
        {
            var clean = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace('\n', ' ').Replace('\r', ' ');
            context.Response.Headers.Append("Warning", $"299 - \"{string.Concat(clean.Where(c => c < 0x7f))}\"");
        }
    }
}
