using System.Text.Json.Nodes;
using Trunkline.ApiServer.Validation.Fields;

namespace Trunkline.ApiServer.Validation.Pods;

/// <summary>Where a volume's content comes from (core/validation, validateVolumeSource).</summary>
internal static class VolumeSourceRules
{
    private static readonly string[] HostPathTypes = ["", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"];

    public static void VolumeSource(this FieldErrors errors, string path, JsonObject volume)
    {
        var sources = volume.Where(p => p.Key != "name" && p.Value is JsonObject).Select(p => (p.Key, Source: (JsonObject)p.Value!)).ToList();
        if (sources.Count == 0)
        {
            errors.Required(path, "must specify a volume type");
        }

        for (var i = 0; i < sources.Count; i++)
        {
            var at = $"{path}.{sources[i].Key}";
            if (i > 0)
            {
                errors.Forbidden(at, "may not specify more than 1 volume type");
            }
            else
            {
                One(errors, at, sources[i].Key, sources[i].Source);
            }
        }
    }

    private static void One(FieldErrors errors, string path, string type, JsonObject source)
    {
        switch (type)
        {
            case "hostPath":
                HostPath(errors, path, source);
                break;
            case "configMap":
                Needs(errors, path + ".name", source.Text("name"));
                Mode(errors, path, source);
                Items(errors, path, source);
                break;
            case "secret":
                Needs(errors, path + ".secretName", source.Text("secretName"));
                Mode(errors, path, source);
                Items(errors, path, source);
                break;
            case "persistentVolumeClaim":
                Needs(errors, path + ".claimName", source.Text("claimName"));
                break;
            case "downwardAPI":
                Mode(errors, path, source);
                errors.DownwardItems(path, source);
                break;
            case "projected":
                Mode(errors, path, source);
                Projections(errors, path + ".sources", source);
                break;
            case "emptyDir":
                if (source.Str("sizeLimit") is { } limit && limit.StartsWith('-'))
                {
                    errors.Forbidden(path + ".sizeLimit", "SizeLimit field must be a valid resource quantity");
                }

                break;
            case "nfs":
                Needs(errors, path + ".server", source.Text("server"));
                Needs(errors, path + ".path", source.Text("path"));
                if (!source.Text("path").StartsWith('/'))
                {
                    errors.Invalid(path + ".path", source.Text("path"), "must be an absolute path");
                }

                break;
            default:
                break;
        }
    }

    private static void Projections(FieldErrors errors, string path, JsonObject source)
    {
        var i = 0;
        foreach (var item in source.Objects("sources"))
        {
            var at = $"{path}[{i++}]";
            if (item.Count > 1)
            {
                errors.Forbidden(at, "may not specify more than 1 volume type");
            }

            foreach (var type in (string[])["secret", "configMap"])
            {
                if (item.Obj(type) is { } named)
                {
                    Needs(errors, $"{at}.{type}.name", named.Text("name"));
                    Items(errors, $"{at}.{type}", named);
                }
            }

            errors.DownwardItems(at + ".downwardAPI", item.Obj("downwardAPI"));
            if (item.Obj("serviceAccountToken") is { } token)
            {
                ServiceToken(errors, at + ".serviceAccountToken", token);
            }
        }
    }

    private static void ServiceToken(FieldErrors errors, string path, JsonObject token)
    {
        if (token.Int("expirationSeconds") is < 600)
        {
            errors.Invalid(path + ".expirationSeconds", token.Int("expirationSeconds"), "may not specify a duration less than 10 minutes");
        }

        if (token.Int("expirationSeconds") is > 1L << 32)
        {
            errors.Invalid(path + ".expirationSeconds", token.Int("expirationSeconds"), "may not specify a duration larger than 2^32 seconds");
        }

        Needs(errors, path + ".path", token.Text("path"));
    }

    private static void DownwardItems(this FieldErrors errors, string path, JsonObject? source)
    {
        foreach (var item in source.Objects("items"))
        {
            Needs(errors, path + ".path", item.Text("path"));
            Descending(errors, path + ".path", item.Text("path"));
            var (field, resource) = (item.Has("fieldRef"), item.Has("resourceFieldRef"));
            if (field && resource)
            {
                errors.Invalid(path, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously");
            }
            else if (!field && !resource)
            {
                errors.Required(path, "one of fieldRef and resourceFieldRef is required");
            }
        }
    }

    private static void HostPath(FieldErrors errors, string path, JsonObject source)
    {
        var place = source.Text("path");
        Needs(errors, path + ".path", place);
        if (place.Split('/').Contains(".."))
        {
            errors.Invalid(path + ".path", place, "must not contain '..'");
        }

        if (source.Str("type") is { } type && !HostPathTypes.Contains(type))
        {
            errors.NotSupported(path + ".type", type, HostPathTypes);
        }
    }

    private static void Items(FieldErrors errors, string path, JsonObject source)
    {
        var i = 0;
        foreach (var item in source.Objects("items"))
        {
            var at = $"{path}.items[{i++}]";
            Needs(errors, at + ".key", item.Text("key"));
            Needs(errors, at + ".path", item.Text("path"));
            Descending(errors, at + ".path", item.Text("path"));
            if (item.Int("mode") is < 0 or > 511)
            {
                errors.Invalid(at + ".mode", item.Int("mode"), "must be a number between 0 and 0777 (octal), both inclusive");
            }
        }
    }

    private static void Mode(FieldErrors errors, string path, JsonObject source)
    {
        if (source.Int("defaultMode") is < 0 or > 511)
        {
            errors.Invalid(path + ".defaultMode", source.Int("defaultMode"), "must be a number between 0 and 0777 (octal), both inclusive");
        }
    }

    public static void Needs(FieldErrors errors, string path, string value)
    {
        if (value.Length == 0)
        {
            errors.Required(path);
        }
    }

    /// <summary>A path inside a volume must not climb out of it.</summary>
    public static void Descending(FieldErrors errors, string path, string value)
    {
        if (value.StartsWith('/'))
        {
            errors.Invalid(path, value, "must be a relative path");
        }

        if (value.Split('/').Contains(".."))
        {
            errors.Invalid(path, value, "must not contain '..'");
        }
    }
}
