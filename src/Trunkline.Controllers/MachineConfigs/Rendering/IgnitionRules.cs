using System.Text.Json.Nodes;

namespace Trunkline.Controllers.MachineConfigs.Rendering;

/// <summary>What the operator's validation lets through (Ignition's own rules plus the sections it does not support).</summary>
internal static class IgnitionRules
{
    private static readonly string[] _refused = ["directories", "links", "disks", "raid", "filesystems", "luks"];

    public static void Check(JsonObject config)
    {
        var storage = IgnitionJson.Object(config["storage"], "storage");
        foreach (var section in _refused)
        {
            if (storage?[section] is JsonArray { Count: > 0 })
            {
                throw IgnitionConfig.Bad($"ignition {section} section contains changes");
            }
        }

        var paths = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (file, at) in IgnitionJson.Objects(storage?["files"], "storage.files").Select((f, i) => (f, $"storage.files.{i}")))
        {
            CheckFile(file, at);
            if (!paths.Add(file["path"]!.GetValue<string>()))
            {
                throw IgnitionConfig.Bad($"duplicate entry defined: {at}.path: {file["path"]}");
            }
        }

        foreach (var (unit, i) in IgnitionJson.Objects(IgnitionJson.Object(config["systemd"], "systemd")?["units"], "systemd.units").Select((u, i) => (u, i)))
        {
            CheckUnit(unit, $"systemd.units.{i}");
        }

        CheckUsers(IgnitionJson.Object(config["passwd"], "passwd"));
    }

    private static void CheckFile(JsonObject file, string at)
    {
        var path = IgnitionJson.Text(file["path"], $"{at}.path");
        if (string.IsNullOrEmpty(path))
        {
            throw IgnitionConfig.Bad($"path is required: {at}");
        }

        if (path[0] != '/')
        {
            throw IgnitionConfig.Bad($"path not absolute: {at}.path");
        }

        if (path.Contains('\0', StringComparison.Ordinal) || path.Split('/').Contains(".."))
        {
            throw IgnitionConfig.Bad($"path is not clean: {at}.path");
        }

        if (file["append"] is JsonArray { Count: > 0 })
        {
            throw IgnitionConfig.Bad("ignition file append is not supported");
        }

        if (IgnitionJson.Number(file["mode"], $"{at}.mode") is { } mode)
        {
            // "invalid mode ... cannot exceed": special bits are refused (bugzilla 2038240).
            if (mode is < 0 or > 0x1FF)
            {
                throw new IgnitionException($"invalid mode {Octal(mode)} for {path}, cannot exceed 0777");
            }
        }

        IgnitionJson.Flag(file["overwrite"], $"{at}.overwrite");
        if (IgnitionJson.Object(file["contents"], $"{at}.contents") is { } contents)
        {
            DataUrl.Check(IgnitionJson.Text(contents["source"], $"{at}.contents.source"), $"{at}.contents.source");
            if (IgnitionJson.Text(contents["compression"], $"{at}.contents.compression") is not (null or "" or "gzip"))
            {
                throw IgnitionConfig.Bad($"invalid compression method: {at}.contents.compression");
            }
        }
    }

    private static void CheckUnit(JsonObject unit, string at)
    {
        var name = IgnitionJson.Text(unit["name"], $"{at}.name");
        if (string.IsNullOrEmpty(name) || name.Contains('/', StringComparison.Ordinal))
        {
            throw IgnitionConfig.Bad($"invalid systemd unit extension: {at}.name");
        }

        IgnitionJson.Text(unit["contents"], $"{at}.contents");
        IgnitionJson.Flag(unit["enabled"], $"{at}.enabled");
        IgnitionJson.Flag(unit["mask"], $"{at}.mask");
    }

    private static void CheckUsers(JsonObject? passwd)
    {
        if (passwd?["groups"] is JsonArray { Count: > 0 })
        {
            throw IgnitionConfig.Bad("ignition passwd groups section contains changes");
        }

        foreach (var user in IgnitionJson.Objects(passwd?["users"], "passwd.users"))
        {
            if (IgnitionJson.Text(user["name"], "passwd.users.name") != "core")
            {
                throw IgnitionConfig.Bad("ignition passwd user section contains unsupported changes: non-core user");
            }
        }
    }

    private static string Octal(int mode) => (mode < 0 ? "-0" : "0") + Convert.ToString(Math.Abs((long)mode), 8);
}
