using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Trunkline.ApiServer.Errors;
using Trunkline.ApiServer.Kinds;
using Trunkline.ApiServer.Selectors;
using Trunkline.ApiServer.Storage;
using Trunkline.ApiServer.Validation.Fields;

namespace Trunkline.ApiServer.Registry;

/// <summary>meta.k8s.io ListOptions, from the query.</summary>
public sealed record ListQuery(
    LabelSelector Labels, FieldSelector Fields, long Limit, string Continue, string ResourceVersion, string ResourceVersionMatch, int? TimeoutSeconds, bool Bookmarks, bool? SendInitialEvents)
{
    public static ListQuery Parse(HttpRequest request, ResourceKind kind, bool watch)
    {
        var query = request.Query;
        var limit = Number(query["limit"]) ?? 0;
        var timeout = Number(query["timeoutSeconds"]);
        var parsed = new ListQuery(
            LabelSelector.Parse(query["labelSelector"]),
            FieldSelector.Parse(query["fieldSelector"], kind),
            limit,
            query["continue"].ToString(),
            query["resourceVersion"].ToString(),
            query["resourceVersionMatch"].ToString(),
            timeout is { } t and > 0 and < int.MaxValue ? (int)t : null,
            Http.QueryFlag.IsSet(query["allowWatchBookmarks"]),
            query["sendInitialEvents"].Count == 0 ? null : Http.QueryFlag.IsSet(query["sendInitialEvents"]));
        parsed.Check(watch);
        return parsed;
    }

    /// <summary>What this user may see of the kind.</summary>
    public Func<StoredObject, bool> Visible { get; init; } = _ => true;

    public bool Matches(StoredObject stored) => Visible(stored) && Labels.Matches(stored.Labels) && Fields.Matches(stored);

    /// <summary>resourceVersion as a number; null where none is given.</summary>
    public long? Revision => ResourceVersion.Length == 0
        ? null
        : ulong.TryParse(ResourceVersion, NumberStyles.None, CultureInfo.InvariantCulture, out var revision) && revision <= long.MaxValue
            ? (long)revision
            : throw new ApiStatusException(500, "", $"resourceVersion: Invalid value: \"{ResourceVersion}\": strconv.ParseUint: parsing \"{ResourceVersion}\": invalid syntax");

    /// <summary>Where a paged list goes on: revision and the last key.</summary>
    public (long Revision, string After)? Place()
    {
        if (Continue.Length == 0)
        {
            return null;
        }

        var json = Base64(Continue);
        try
        {
            var token = JsonNode.Parse(json);
            return ((long)token!["rv"]!, (string)token["start"]!);
        }
        catch (JsonException)
        {
            throw StatusErrors.BadRequest("invalid continue token: continue key is not valid: " + Http.GoSyntax.Describe(json));
        }
        catch (Exception bad) when (bad is NullReferenceException or InvalidOperationException or FormatException)
        {
            throw StatusErrors.BadRequest("invalid continue token: continue key is not valid: server rejected token");
        }
    }

    public static string Token(long revision, string after) => Convert.ToBase64String(
        Encoding.UTF8.GetBytes(new JsonObject { ["v"] = "meta.k8s.io/v1", ["rv"] = revision, ["start"] = after }.ToJsonString())).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    private static byte[] Base64(string text)
    {
        // As Go's RawURLEncoding: bits left over at the end are ignored, not refused.
        const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        var bytes = new List<byte>(text.Length);
        var (bits, count) = (0, 0);
        for (var i = 0; i < text.Length; i++)
        {
            var value = Letters.IndexOf(text[i], StringComparison.Ordinal);
            if (value < 0 || (i == text.Length - 1 && text.Length % 4 == 1))
            {
                throw StatusErrors.BadRequest($"invalid continue token: continue key is not valid: illegal base64 data at input byte {i}");
            }

            (bits, count) = (((bits << 6) | value) & 0xffff, count + 6);
            if (count >= 8)
            {
                count -= 8;
                bytes.Add((byte)(bits >> count));
            }
        }

        return [.. bytes];
    }

    private void Check(bool watch)
    {
        var errors = new List<FieldError>();
        const string Match = "resourceVersionMatch";
        if (SendInitialEvents is not null && !watch)
        {
            errors.Add(new FieldError("FieldValueForbidden", "Forbidden: sendInitialEvents is forbidden for list", "sendInitialEvents"));
        }

        if (SendInitialEvents == true && watch && ResourceVersionMatch != "NotOlderThan")
        {
            errors.Add(new FieldError("FieldValueForbidden", $"Forbidden: {Match} is required when sendInitialEvents is provided", Match));
        }

        if (ResourceVersionMatch.Length > 0 && SendInitialEvents is null)
        {
            if (watch)
            {
                errors.Add(new FieldError("FieldValueForbidden", $"Forbidden: {Match} is forbidden for watch unless sendInitialEvents is provided", Match));
            }
            else if (ResourceVersion.Length == 0)
            {
                errors.Add(new FieldError("FieldValueForbidden", $"Forbidden: {Match} is forbidden unless resourceVersion is provided", Match));
            }
            else if (Continue.Length > 0)
            {
                errors.Add(new FieldError("FieldValueForbidden", $"Forbidden: {Match} is forbidden when continue is provided", Match));
            }
            else if (ResourceVersionMatch is not ("Exact" or "NotOlderThan"))
            {
                errors.Add(new FieldError("FieldValueNotSupported", $"Unsupported value: \"{ResourceVersionMatch}\": supported values: \"Exact\", \"NotOlderThan\"", Match));
            }
            else if (ResourceVersionMatch == "Exact" && ResourceVersion == "0")
            {
                errors.Add(new FieldError("FieldValueForbidden", $"Forbidden: {Match} \"Exact\" is forbidden for resourceVersion \"0\"", Match));
            }
        }

        if (errors.Count > 0)
        {
            throw StatusErrors.Invalid("meta.k8s.io", "ListOptions", "", errors);
        }

        if (!watch && Continue.Length > 0 && ResourceVersion.Length > 0 && ResourceVersion != "0")
        {
            throw StatusErrors.BadRequest("specifying resource version is not allowed when using continue");
        }
    }

    private static long? Number(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw StatusErrors.BadRequest($"strconv.ParseInt: parsing \"{text}\": invalid syntax");
    }
}
