using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Trunkline.ApiServer.Errors;
using Trunkline.ApiServer.Http;
using Trunkline.ApiServer.Validation.Decoding;
using Trunkline.ApiServer.Validation.Fields;

namespace Trunkline.ApiServer.Registry;

/// <summary>meta.k8s.io DeleteOptions, from the body or, where there is none, from the query.</summary>
/// <param name="GraceSeconds">How long a Pod may take to end; null for its own choice.</param>
/// <param name="Propagation"><c>Orphan</c>, <c>Background</c>, <c>Foreground</c>, or empty for Background.</param>
/// <param name="Uid">The object must have this uid.</param>
/// <param name="ResourceVersion">The object must be at this version.</param>
/// <param name="DryRun">Nothing is kept.</param>
internal sealed record DeleteOptions(long? GraceSeconds, string Propagation, string Uid, string ResourceVersion, bool DryRun)
{
    private static readonly string[] Policies = ["Foreground", "Background", "Orphan"];
    private static readonly TypeSchema Schema = ModelSchema.Of<k8s.Models.V1DeleteOptions>();

    /// <summary>What a deletion without options has.</summary>
    public static readonly DeleteOptions None = new(null, "", "", "", false);

    /// <summary>Reads the options of a DELETE.</summary>
    public static async Task<DeleteOptions> ReadAsync(HttpRequest request)
    {
        var body = await RequestBody.ReadAsync(request);
        return body.IsEmpty ? FromQuery(request.Query) : FromBody(body);
    }

    /// <summary>Options that stand in another object (Eviction).</summary>
    public static DeleteOptions Of(JsonObject? document, IQueryCollection query)
    {
        var options = Checked(document ?? []);
        return options with { DryRun = options.DryRun || query["dryRun"].Contains("All") };
    }

    private static DeleteOptions FromQuery(IQueryCollection query)
    {
        var document = new JsonObject { ["dryRun"] = new JsonArray([.. query["dryRun"].Select(d => (JsonNode?)d)]) };
        if (query["gracePeriodSeconds"].ToString() is { Length: > 0 } grace)
        {
            document["gracePeriodSeconds"] = long.TryParse(grace, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds)
                ? seconds
                : throw StatusErrors.BadRequest($"strconv.ParseInt: parsing {Go.Quote(grace)}: invalid syntax");
        }

        if (query["orphanDependents"].ToString() is { Length: > 0 } orphan)
        {
            document["orphanDependents"] = QueryFlag.IsSet(orphan);
        }

        if (query["propagationPolicy"].ToString() is { Length: > 0 } policy)
        {
            document["propagationPolicy"] = policy;
        }

        return Checked(document);
    }

    // A body that is no DeleteOptions is the real server's own mishap: 500 without a reason.
    private static DeleteOptions FromBody(RequestBody body)
    {
        if (!body.TryObject(out var given, out var why))
        {
            throw new ApiStatusException(500, "", why);
        }

        var (apiVersion, kind) = (ObjectMetadata.Text(given["apiVersion"]), ObjectMetadata.Text(given["kind"]));
        if (kind is not ("" or "DeleteOptions"))
        {
            throw new ApiStatusException(500, "", $"no kind \"{kind}\" is registered for version \"{apiVersion}\" in scheme \"k8s.io/apimachinery/pkg/apis/meta/internalversion/scheme/register.go:35\"");
        }

        try
        {
            return Checked(StrictDecoder.Decode(body.Json, Schema).Document);
        }
        catch (DecodingException bad)
        {
            throw new ApiStatusException(500, "", bad.Message);
        }
    }

    private static DeleteOptions Checked(JsonObject document)
    {
        var errors = new FieldErrors();
        var (policy, orphan) = (document.Str("propagationPolicy"), document.Flag("orphanDependents"));
        if (policy is not null && orphan is not null)
        {
            errors.Invalid("propagationPolicy", policy, "orphanDependents and deletionPropagation cannot be both set");
        }

        if (policy is not null && !Policies.Contains(policy))
        {
            errors.NotSupported("propagationPolicy", policy, [.. Policies, "nil"]);
        }

        var runs = document.Texts("dryRun").ToList();
        if (runs.Exists(r => r != "All"))
        {
            errors.NotSupported("dryRun", new Go.Literal(Go.Slice("string", runs).Text), "All");
        }

        if (errors.Any)
        {
            throw StatusErrors.Invalid("meta.k8s.io", "DeleteOptions", "", errors.Items);
        }

        // A negative grace means the shortest one that is still graceful (rest.BeforeDelete).
        var grace = document.Int("gracePeriodSeconds") is { } seconds ? (long?)(seconds < 0 ? 1 : seconds) : null;
        var preconditions = document.Obj("preconditions");
        return new DeleteOptions(
            grace, policy ?? (orphan switch { true => "Orphan", false => "Background", null => "" }), preconditions.Text("uid"), preconditions.Text("resourceVersion"), runs.Count > 0);
    }
}
