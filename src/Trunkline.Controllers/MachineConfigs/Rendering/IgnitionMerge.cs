using System.Text.Json.Nodes;

namespace Trunkline.Controllers.MachineConfigs.Rendering;

/// <summary>
/// Ignition's append merge: entries of lists are matched by their key (a file's path, a unit's or user's name); the later one's fields win, the
/// earlier one's other fields stay. New contents reset compression and verification, which described the old ones.
/// </summary>
internal static class IgnitionMerge
{
    public static JsonObject Append(JsonObject onto, JsonObject later)
    {
        MergeList(onto, later, "storage", "files", "path", MergeFile);
        MergeList(onto, later, "systemd", "units", "name", MergeUnit);
        MergeList(onto, later, "passwd", "users", "name", MergeUser);
        return onto;
    }

    /// <summary>The operator's daemon owns the files it is told to write: an unset overwrite means yes.</summary>
    public static void DefaultOverwrite(JsonObject config)
    {
        foreach (var file in IgnitionJson.Objects((config["storage"] as JsonObject)?["files"], "storage.files"))
        {
            file["overwrite"] ??= true;
        }
    }

    private static void MergeList(JsonObject onto, JsonObject later, string section, string list, string key, Action<JsonObject, JsonObject> merge)
    {
        var added = IgnitionJson.Objects((later[section] as JsonObject)?[list], $"{section}.{list}");
        if (added.Count == 0)
        {
            return;
        }

        if (onto[section] is not JsonObject home)
        {
            onto[section] = home = [];
        }

        if (home[list] is not JsonArray entries)
        {
            home[list] = entries = [];
        }

        foreach (var entry in added)
        {
            var name = entry[key]!.GetValue<string>();
            var same = entries.OfType<JsonObject>().FirstOrDefault(e => e[key]!.GetValue<string>() == name);
            if (same is null)
            {
                entries.Add(entry.DeepClone());
            }
            else
            {
                merge(same, entry);
            }
        }
    }

    private static void MergeFile(JsonObject onto, JsonObject later)
    {
        if (later["contents"] is JsonObject contents && contents["source"] is not null)
        {
            onto["contents"] = contents.DeepClone();
        }

        Overlay(onto, later, "contents");
    }

    private static void MergeUnit(JsonObject onto, JsonObject later)
    {
        foreach (var dropin in IgnitionJson.Objects(later["dropins"], "systemd.units.dropins"))
        {
            if (onto["dropins"] is not JsonArray dropins)
            {
                onto["dropins"] = dropins = [];
            }

            var name = IgnitionJson.Text(dropin["name"], "systemd.units.dropins.name");
            var same = dropins.OfType<JsonObject>().FirstOrDefault(d => IgnitionJson.Text(d["name"], "systemd.units.dropins.name") == name);
            if (same is null)
            {
                dropins.Add(dropin.DeepClone());
            }
            else
            {
                Overlay(same, dropin);
            }
        }

        Overlay(onto, later, "dropins");
    }

    private static void MergeUser(JsonObject onto, JsonObject later)
    {
        if (later["sshAuthorizedKeys"] is JsonArray keys)
        {
            var have = onto["sshAuthorizedKeys"] as JsonArray ?? [];
            var known = have.Select(k => k?.ToJsonString()).ToHashSet();
            var all = have.Select(k => k?.DeepClone()).Concat(keys.Where(k => known.Add(k?.ToJsonString())).Select(k => k?.DeepClone()));
            onto["sshAuthorizedKeys"] = new JsonArray([.. all]);
        }

        Overlay(onto, later, "sshAuthorizedKeys");
    }

    private static void Overlay(JsonObject onto, JsonObject later, string except = "")
    {
        foreach (var (name, value) in later)
        {
            if (name != except && value is not null)
            {
                onto[name] = value.DeepClone();
            }
        }
    }
}
