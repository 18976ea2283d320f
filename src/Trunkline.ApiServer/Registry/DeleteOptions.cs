using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Trunkline.ApiServer.Errors;

namespace Trunkline.ApiServer.Registry;

/// <summary>meta.k8s.io DeleteOptions, from the body or the query.</summary>
/// <param name="GraceSeconds">How long a Pod may take to end; null for its own choice.</param>
/// <param name="Propagation"><c>Orphan</c>, <c>Background</c>, <c>Foreground</c>, or empty for Background.</param>
/// <param name="Uid">The object must have this uid.</param>
/// <param name="ResourceVersion">The object must be at this version.</param>
/// <param name="DryRun">Nothing is kept.</param>
internal sealed record DeleteOptions(long? GraceSeconds, string Propagation, string Uid, string ResourceVersion, bool DryRun)
{
    public static DeleteOptions Parse(HttpRequest request, JsonObject? body)
    {
        var grace = Number(body?["gracePeriodSeconds"]) ?? (long.TryParse(request.Query["gracePeriodSeconds"], CultureInfo.InvariantCulture, out var seconds) ? seconds : null);
        var propagation = ObjectMetadata.Text(body?["propagationPolicy"]) is { Length: > 0 } given ? given : request.Query["propagationPolicy"].ToString();
        if (body?["orphanDependents"] is JsonValue orphan && orphan.TryGetValue<bool>(out var orphaned))
        {
            propagation = orphaned ? "Orphan" : "Background";
        }

        if (propagation is not ("" or "Orphan" or "Background" or "Foreground"))
        {
            throw StatusErrors.Invalid("meta.k8s.io", "DeleteOptions", "",
            [
                new("FieldValueInvalid", $"Invalid value: \"{propagation}\": valid values are \"Foreground\", \"Background\", \"Orphan\" or nil", "propagationPolicy"),
            ]);
        }

        var preconditions = body?["preconditions"] as JsonObject;
        var dry = request.Query["dryRun"].Contains("All") || (body?["dryRun"] is JsonArray runs && runs.Any(r => ObjectMetadata.Text(r) == "All"));
        return new DeleteOptions(grace, propagation, ObjectMetadata.Text(preconditions?["uid"]), ObjectMetadata.Text(preconditions?["resourceVersion"]), dry);
    }

    private static long? Number(JsonNode? node) => node is JsonValue value && value.TryGetValue<long>(out var number) ? number : null;
}
