using System.Text;
using Microsoft.AspNetCore.Http;
using Trunkline.ApiServer.Errors;
using Trunkline.ApiServer.Validation.Fields;

namespace Trunkline.ApiServer.Registry;

/// <summary>Options of a write, from its query.</summary>
/// <param name="DryRun">Nothing is kept.</param>
/// <param name="FieldManager">Who is to own the fields.</param>
/// <param name="ManagerGiven">Whether the client named the manager itself.</param>
/// <param name="FieldValidation"><c>Strict</c>, <c>Warn</c> or <c>Ignore</c>.</param>
/// <param name="Force">Server-side apply takes fields from other owners.</param>
public sealed record WriteOptions(bool DryRun, string FieldManager, bool ManagerGiven, string FieldValidation, bool Force)
{
    /// <summary>What a plain request without options has.</summary>
    public static readonly WriteOptions Default = new(false, "trunkline", false, "Ignore", false);

    /// <summary>Reads the query; <paramref name="optionsKind"/> is the kind named in complaints, such as <c>CreateOptions</c>.</summary>
    public static WriteOptions Parse(HttpRequest request, string optionsKind)
    {
        var errors = new List<FieldError>();
        var dryRun = request.Query["dryRun"];
        if (dryRun.Any(d => d is not "All"))
        {
            errors.Add(new FieldError("FieldValueNotSupported", $"Unsupported value: {Go.Slice("string", dryRun).Text}: supported values: \"All\"", "dryRun"));
        }

        var validation = request.Query["fieldValidation"].ToString();
        if (validation is not ("" or "Ignore" or "Warn" or "Strict"))
        {
            errors.Add(new FieldError(
                "FieldValueNotSupported", $"Unsupported value: \"{validation}\": supported values: \"\", \"Ignore\", \"Strict\", \"Warn\"", "fieldValidation"));
        }

        var manager = request.Query["fieldManager"].ToString();
        if (manager.Length > 128)
        {
            errors.Add(new FieldError("FieldValueTooLong", "Too long: may not be more than 128 bytes", "fieldManager"));
        }

        if (manager.EnumerateRunes().Any(Rune.IsControl))
        {
            errors.Add(new FieldError("FieldValueInvalid", $"Invalid value: {Go.Print(manager)}: should only contain printable characters", "fieldManager"));
        }

        if (errors.Count > 0)
        {
            throw StatusErrors.Invalid("meta.k8s.io", optionsKind, "", errors);
        }

        var given = manager.Length > 0;
        return new WriteOptions(
            dryRun.Count > 0, given ? manager : FromUserAgent(request), given, validation.Length == 0 ? "Warn" : validation, Http.QueryFlag.IsSet(request.Query["force"]));
    }

    // As apiserver: the user agent up to its first slash.
    private static string FromUserAgent(HttpRequest request)
    {
        var agent = request.Headers.UserAgent.ToString().Split('/')[0];
        return agent.Length == 0 ? "unknown" : agent[..Math.Min(agent.Length, 128)];
    }
}
