using System.Text.Json.Nodes;
using Trunkline.ApiServer.Validation.Fields;
using Trunkline.ApiServer.Validation.Names;

namespace Trunkline.ApiServer.Validation.Pods;

/// <summary>Tolerations, and the taints that they answer.</summary>
internal static class TolerationRules
{
    private static readonly string[] Effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

    public static void Tolerations(this FieldErrors errors, string path, IEnumerable<JsonObject> tolerations)
    {
        var i = 0;
        foreach (var toleration in tolerations)
        {
            Toleration(errors, $"{path}[{i++}]", toleration);
        }
    }

    public static void Taints(this FieldErrors errors, string path, IEnumerable<JsonObject> taints)
    {
        var seen = new HashSet<(string, string)>();
        var i = 0;
        foreach (var taint in taints)
        {
            var at = $"{path}[{i++}]";
            var (key, effect) = (taint.Text("key"), taint.Text("effect"));
            errors.Invalid(at + ".key", key, NameRules.QualifiedName(key));
            errors.Invalid(at + ".value", taint.Text("value"), NameRules.LabelValue(taint.Text("value")));
            if (effect.Length == 0)
            {
                errors.Required(at + ".effect");
            }
            else
            {
                Effect(errors, at + ".effect", effect);
            }

            if (!seen.Add((key, effect)))
            {
                errors.Duplicate(at, new Go.Literal($"core.Taint{{Key:{Go.Quote(key)}, Value:{Go.Quote(taint.Text("value"))}, Effect:{Go.Quote(effect)}, TimeAdded:<nil>}}"));
            }
        }
    }

    private static void Toleration(FieldErrors errors, string path, JsonObject toleration)
    {
        var (key, operation, value, effect) = (toleration.Text("key"), toleration.Text("operator"), toleration.Text("value"), toleration.Text("effect"));
        if (key.Length > 0)
        {
            errors.Invalid(path + ".key", key, NameRules.QualifiedName(key));
        }
        else if (operation != "Exists")
        {
            errors.Invalid(path + ".operator", operation, "operator must be Exists when `key` is empty, which means \"match all values and all keys\"");
        }

        if (toleration.Has("tolerationSeconds") && effect != "NoExecute")
        {
            errors.Invalid(path + ".effect", effect, "effect must be 'NoExecute' when `tolerationSeconds` is set");
        }

        switch (operation)
        {
            case "Equal" or "":
                if (NameRules.LabelValue(value).ToList() is { Count: > 0 } complaints)
                {
                    errors.Invalid(path + ".operator", value, string.Join(';', complaints));
                }

                break;
            case "Exists" when value.Length > 0:
                errors.Invalid(path + ".operator", new Go.Literal(toleration.ToJsonString()), "value must be empty when `operator` is 'Exists'");
                break;
            case "Exists":
                break;
            default:
                errors.NotSupported(path + ".operator", operation, "Equal", "Exists");
                break;
        }

        if (effect.Length > 0)
        {
            Effect(errors, path + ".effect", effect);
        }
    }

    private static void Effect(FieldErrors errors, string path, string effect)
    {
        if (!Effects.Contains(effect))
        {
            errors.NotSupported(path, effect, Effects);
        }
    }
}
