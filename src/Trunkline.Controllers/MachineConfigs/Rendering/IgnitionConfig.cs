using System.Text.Json.Nodes;

namespace Trunkline.Controllers.MachineConfigs.Rendering;

/// <summary>
/// Reads Ignition configs of spec 2.2 and 3.0 to 3.5 into one shape, that of 3.5. Only what the operator supports passes: files, units and the
/// keys of user core; directories, links, disks and other users are refused.
/// </summary>
internal static class IgnitionConfig
{
    public const string Version = "3.5.0";

    private const string Supported = "2.2, 3.0, 3.1, 3.2, 3.3, 3.4, 3.5";

    public static JsonObject Empty() => new() { ["ignition"] = new JsonObject { ["version"] = Version } };

    /// <summary>A copy in the shape of spec 3.5, judged. A MachineConfig may have no Ignition config at all.</summary>
    public static JsonObject Parse(JsonNode? config)
    {
        if (config is null)
        {
            return Empty();
        }

        var source = config as JsonObject ?? throw Bad("json: cannot unmarshal into Go value of type types.Config");
        if (source.Count == 0)
        {
            return Empty();
        }

        var version = IgnitionJson.Text((source["ignition"] as JsonObject)?["version"], "ignition.version");
        var parsed = (JsonObject)source.DeepClone();
        switch (Series(version))
        {
            case "2.2":
                parsed = IgnitionVersion2.Convert(parsed);
                break;
            case "3":
                break;
            default:
                throw new IgnitionException($"parsing Ignition config failed: unknown version. Supported spec versions: {Supported}");
        }

        ((JsonObject)parsed["ignition"]!)["version"] = Version;
        IgnitionRules.Check(parsed);
        return parsed;
    }

    internal static IgnitionException Bad(string why) => new($"parsing Ignition config failed with error: {why}");

    private static string Series(string? version) => version switch
    {
        null or "" => throw new IgnitionException($"parsing Ignition config failed: invalid version. Supported spec versions: {Supported}"),
        "2.2.0" => "2.2",
        "3.0.0" or "3.1.0" or "3.2.0" or "3.3.0" or "3.4.0" or "3.5.0" => "3",
        _ => "",
    };
}
