using System.Text.Json.Nodes;

namespace Trunkline.Controllers.MachineConfigs.Rendering;

/// <summary>Spec 2.2 to 3: files lose their filesystem (only root was ever supported) and say overwrite, as 2.x always did.</summary>
internal static class IgnitionVersion2
{
    public static JsonObject Convert(JsonObject config)
    {
        foreach (var file in IgnitionJson.Objects((config["storage"] as JsonObject)?["files"], "storage.files"))
        {
            if (IgnitionJson.Text(file["filesystem"], "storage.files.filesystem") is not (null or "" or "root"))
            {
                throw IgnitionConfig.Bad("only the root filesystem is supported");
            }

            if (IgnitionJson.Flag(file["append"], "storage.files.append") == true)
            {
                throw IgnitionConfig.Bad("ignition file append is not supported");
            }

            file.Remove("filesystem");
            file.Remove("append");
            file["overwrite"] ??= true;
        }

        foreach (var unit in IgnitionJson.Objects((config["systemd"] as JsonObject)?["units"], "systemd.units"))
        {
            // 2.x had "enable" beside "enabled".
            if (IgnitionJson.Flag(unit["enable"], "systemd.units.enable") == true)
            {
                unit["enabled"] ??= true;
            }

            unit.Remove("enable");
        }

        return config;
    }
}
