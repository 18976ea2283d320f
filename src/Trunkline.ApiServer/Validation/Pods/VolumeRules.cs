using System.Text.Json.Nodes;
using Trunkline.ApiServer.Validation.Fields;
using Trunkline.ApiServer.Validation.Names;

namespace Trunkline.ApiServer.Validation.Pods;

/// <summary>Volumes, and where containers mount them.</summary>
internal static class VolumeRules
{
    /// <summary>Validates the volumes and returns the names of those that may be mounted.</summary>
    public static IReadOnlySet<string> Volumes(this FieldErrors errors, string path, IEnumerable<JsonObject> volumes)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var i = 0;
        foreach (var volume in volumes)
        {
            var at = $"{path}[{i++}]";
            var name = volume.Text("name");
            errors.VolumeSource(at, volume);
            if (name.Length == 0)
            {
                errors.Required(at + ".name");
            }
            else
            {
                errors.Invalid(at + ".name", name, NameRules.Dns1123Label(name));
            }

            if (!names.Add(name))
            {
                errors.Duplicate(at + ".name", name);
            }
        }

        return names;
    }

    public static void Mounts(this FieldErrors errors, string path, JsonObject container, IReadOnlySet<string> volumes)
    {
        var places = new HashSet<string>(StringComparer.Ordinal);
        var i = 0;
        foreach (var mount in container.Objects("volumeMounts"))
        {
            Mount(errors, $"{path}.volumeMounts[{i++}]", mount, volumes, places);
        }
    }

    public static void Devices(this FieldErrors errors, string path, JsonObject container, IReadOnlySet<string> volumes)
    {
        var i = 0;
        foreach (var device in container.Objects("volumeDevices"))
        {
            var at = $"{path}.volumeDevices[{i++}]";
            VolumeSourceRules.Needs(errors, at + ".name", device.Text("name"));
            if (!volumes.Contains(device.Text("name")))
            {
                errors.NotFound(at + ".name", device.Text("name"));
            }

            VolumeSourceRules.Needs(errors, at + ".devicePath", device.Text("devicePath"));
        }
    }

    private static void Mount(FieldErrors errors, string path, JsonObject mount, IReadOnlySet<string> volumes, HashSet<string> places)
    {
        var (name, place) = (mount.Text("name"), mount.Text("mountPath"));
        if (name.Length == 0)
        {
            errors.Required(path + ".name");
        }

        if (!volumes.Contains(name))
        {
            errors.NotFound(path + ".name", name);
        }

        if (place.Length == 0)
        {
            errors.Required(path + ".mountPath");
        }
        else if (!places.Add(place))
        {
            errors.Invalid(path + ".mountPath", place, "must be unique");
        }

        if (mount.Has("subPath") && mount.Has("subPathExpr"))
        {
            errors.Invalid(path + ".subPathExpr", mount.Text("subPathExpr"), "subPathExpr and subPath are mutually exclusive");
        }

        VolumeSourceRules.Descending(errors, path + ".subPath", mount.Text("subPath"));
        VolumeSourceRules.Descending(errors, path + ".subPathExpr", mount.Text("subPathExpr"));
    }
}
