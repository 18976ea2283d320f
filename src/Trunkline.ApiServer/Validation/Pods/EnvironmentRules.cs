using System.Text.Json.Nodes;
using Trunkline.ApiServer.Validation.Fields;
using Trunkline.ApiServer.Validation.Names;

namespace Trunkline.ApiServer.Validation.Pods;

/// <summary>A container's environment variables and where their values come from.</summary>
internal static class EnvironmentRules
{
    private static readonly string[] Sources = ["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef"];
    private static readonly string[] Fields =
        ["metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName", "status.hostIP", "status.podIP", "status.podIPs", "status.hostIPs"];

    public static void Environment(this FieldErrors errors, string path, JsonObject container)
    {
        var i = 0;
        foreach (var variable in container.Objects("env"))
        {
            Variable(errors, $"{path}.env[{i++}]", variable);
        }

        i = 0;
        foreach (var source in container.Objects("envFrom"))
        {
            From(errors, $"{path}.envFrom[{i++}]", source);
        }
    }

    private static void Variable(FieldErrors errors, string path, JsonObject variable)
    {
        var name = variable.Text("name");
        if (name.Length == 0)
        {
            errors.Required(path + ".name");
        }
        else
        {
            errors.Invalid(path + ".name", name, NameRules.EnvironmentName(name));
        }

        if (variable.Obj("valueFrom") is { } from)
        {
            ValueFrom(errors, path + ".valueFrom", from, variable.Text("value").Length > 0);
        }
    }

    private static void ValueFrom(FieldErrors errors, string path, JsonObject from, bool hasValue)
    {
        if (from.Obj("fieldRef") is { } field)
        {
            FieldRef(errors, path + ".fieldRef", field);
        }

        foreach (var source in (string[])["configMapKeyRef", "secretKeyRef"])
        {
            if (from.Obj(source) is { } reference)
            {
                KeyRef(errors, $"{path}.{source}", reference);
            }
        }

        var count = Sources.Count(s => from.Has(s));
        if (count == 0)
        {
            errors.Invalid(path, "", "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`");
        }

        if (hasValue && count != 0)
        {
            errors.Invalid(path, "", "may not be specified when `value` is not empty");
        }
        else if (count > 1)
        {
            errors.Invalid(path, "", "may not have more than one field specified at a time");
        }
    }

    private static void FieldRef(FieldErrors errors, string path, JsonObject field)
    {
        var wanted = field.Text("fieldPath");
        if (field.Text("apiVersion").Length == 0)
        {
            errors.Required(path + ".apiVersion");
        }
        else if (wanted.Length == 0)
        {
            errors.Required(path + ".fieldPath");
        }
        else if (!Fields.Contains(wanted) && !IsMapKey(wanted))
        {
            errors.NotSupported(path + ".fieldPath", wanted, Fields.Order(StringComparer.Ordinal));
        }
    }

    private static bool IsMapKey(string path) =>
        (path.StartsWith("metadata.labels['", StringComparison.Ordinal) || path.StartsWith("metadata.annotations['", StringComparison.Ordinal)) && path.EndsWith("']", StringComparison.Ordinal);

    private static void KeyRef(FieldErrors errors, string path, JsonObject reference)
    {
        var key = reference.Text("key");
        if (reference.Text("name").Length == 0)
        {
            errors.Required(path + ".name");
        }

        if (key.Length == 0)
        {
            errors.Required(path + ".key");
        }
        else
        {
            errors.Invalid(path + ".key", key, NameRules.ConfigKey(key));
        }
    }

    private static void From(FieldErrors errors, string path, JsonObject source)
    {
        if (source.Text("prefix") is { Length: > 0 } prefix)
        {
            errors.Invalid(path + ".prefix", prefix, NameRules.EnvironmentName(prefix));
        }

        var count = 0;
        foreach (var kind in (string[])["configMapRef", "secretRef"])
        {
            if (source.Obj(kind) is not { } reference)
            {
                continue;
            }

            count++;
            if (reference.Text("name").Length == 0)
            {
                errors.Required($"{path}.{kind}.name");
            }
        }

        if (count != 1)
        {
            errors.Invalid(path, "", count == 0 ? "must specify one of: `configMapRef` or `secretRef`" : "may not have more than one field specified at a time");
        }
    }
}
