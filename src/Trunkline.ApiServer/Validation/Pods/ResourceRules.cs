using System.Text.Json.Nodes;
using Trunkline.ApiServer.Validation.Decoding;
using Trunkline.ApiServer.Validation.Fields;
using Trunkline.ApiServer.Validation.Names;

namespace Trunkline.ApiServer.Validation.Pods;

/// <summary>Requests and limits.</summary>
internal static class ResourceRules
{
    public static void Resources(this FieldErrors errors, string path, JsonObject? resources)
    {
        foreach (var (name, amount) in resources.Map("limits"))
        {
            Amount(errors, path, "limits", name, amount);
        }

        foreach (var (name, amount) in resources.Map("requests"))
        {
            Amount(errors, path, "requests", name, amount);
            if (resources.Obj("limits").Str(name) is { } limit && Quantity.NanosOrZero(amount) > Quantity.NanosOrZero(limit))
            {
                errors.Invalid(path + ".requests", amount, $"must be less than or equal to {name} limit of {limit}");
            }
        }
    }

    private static void Amount(FieldErrors errors, string path, string list, string name, string amount)
    {
        var at = $"{path}.{list}[{name}]";
        errors.Invalid(at, name, NameRules.QualifiedName(name));
        if (Quantity.NanosOrZero(amount).Sign < 0)
        {
            errors.Invalid(at, amount, "must be greater than or equal to 0");
        }

        if (!name.Contains('/', StringComparison.Ordinal) && name is not ("cpu" or "memory" or "ephemeral-storage") && !name.StartsWith("hugepages-", StringComparison.Ordinal))
        {
            errors.Invalid(at, name, "must be a standard resource type or fully qualified");
            errors.Invalid(at, name, "must be a standard resource for containers");
        }
    }
}
