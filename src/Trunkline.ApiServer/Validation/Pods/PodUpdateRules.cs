using System.Text.Json.Nodes;
using Trunkline.ApiServer.Validation.Fields;

namespace Trunkline.ApiServer.Validation.Pods;

/// <summary>What of a Pod may change after it was created (ValidatePodUpdate).</summary>
internal static class PodUpdateRules
{
    private const string Mutable =
        "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`," +
        "`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

    public static void PodSpecUpdate(this FieldErrors errors, JsonObject? spec, JsonObject? old)
    {
        foreach (var list in (string[])["containers", "initContainers"])
        {
            if (spec.List(list).Count != old.List(list).Count)
            {
                errors.Forbidden("spec." + list, "pod updates may not add or remove containers");
                return;
            }
        }

        Deadline(errors, spec, old);
        AddedTolerationsOnly(errors, spec, old);
        var masked = Masked(spec, old);
        if (!NodeReader.Same(masked, old))
        {
            errors.Forbidden("spec", Mutable + "\n" + Difference(old, masked));
        }
    }

    private static void Deadline(FieldErrors errors, JsonObject? spec, JsonObject? old)
    {
        var (now, before) = (spec.Int("activeDeadlineSeconds"), old.Int("activeDeadlineSeconds"));
        if (now is < 0 or > int.MaxValue)
        {
            errors.Invalid("spec.activeDeadlineSeconds", now, $"must be between 0 and {int.MaxValue}, inclusive");
        }
        else if (now > before)
        {
            errors.Invalid("spec.activeDeadlineSeconds", now, "must be less than or equal to previous value");
        }
        else if (before is not null && now is null)
        {
            errors.Invalid("spec.activeDeadlineSeconds", null, "must not update from a positive integer to nil value");
        }
    }

    private static void AddedTolerationsOnly(FieldErrors errors, JsonObject? spec, JsonObject? old)
    {
        var now = spec.Objects("tolerations").Select(WithoutSeconds).ToList();
        if (old.Objects("tolerations").Select(WithoutSeconds).Any(o => !now.Any(n => NodeReader.Same(n, o))))
        {
            errors.Forbidden("spec.tolerations", "existing toleration can not be modified except its tolerationSeconds");
        }
    }

    private static JsonObject WithoutSeconds(JsonObject toleration)
    {
        var copy = toleration.DeepClone().AsObject();
        copy.Remove("tolerationSeconds");
        return copy;
    }

    // The new spec with everything that may change put back: what is left different may not.
    private static JsonObject? Masked(JsonObject? spec, JsonObject? old)
    {
        var copy = spec?.DeepClone() as JsonObject;
        if (copy is null)
        {
            return null;
        }

        foreach (var list in (string[])["containers", "initContainers"])
        {
            foreach (var (now, before) in copy.Objects(list).Zip(old.Objects(list)))
            {
                Restore(now, before, "image");
            }
        }

        Restore(copy, old, "activeDeadlineSeconds");
        Restore(copy, old, "tolerations");
        if (old.Int("terminationGracePeriodSeconds") < 0 && copy.Int("terminationGracePeriodSeconds") == 1)
        {
            Restore(copy, old, "terminationGracePeriodSeconds");
        }

        return copy;
    }

    private static void Restore(JsonObject now, JsonObject? before, string field)
    {
        now.Remove(field);
        if (before?[field] is { } value)
        {
            now[field] = value.DeepClone();
        }
    }

    private static string Difference(JsonObject? old, JsonObject? now)
    {
        var names = (old ?? []).Select(p => p.Key).Union((now ?? []).Select(p => p.Key), StringComparer.Ordinal);
        var lines = names.Where(n => !NodeReader.Same(old?[n], now?[n])).Order(StringComparer.Ordinal)
            .Select(n => $"- \t{n}: {Text(old?[n])}\n+ \t{n}: {Text(now?[n])}\n");
        return string.Concat(lines);
    }

    private static string Text(JsonNode? node) => node?.ToJsonString() ?? "nil";
}
