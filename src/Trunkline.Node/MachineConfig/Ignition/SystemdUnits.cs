using System.Text;
using System.Text.Json;

namespace Trunkline.Node.MachineConfig.Ignition;

/// <summary>systemd units as the files and links that `systemctl enable` and `mask` would leave (systemd.unit(5), section [Install]). Pure.</summary>
internal static class SystemdUnits
{
    private const string UnitDirectory = "/etc/systemd/system";

    public static IEnumerable<IgnitionFile> Files(JsonElement unit)
    {
        var name = IgnitionReader.Text(unit, "name") ?? throw new InvalidDataException("a unit has no name");
        if (name.Contains('/', StringComparison.Ordinal))
        {
            throw new InvalidDataException($"{name} is not a unit's name");
        }

        var text = IgnitionReader.Text(unit, "contents");
        if (Is(unit, "mask"))
        {
            yield return IgnitionFile.Link($"{UnitDirectory}/{name}", "/dev/null");
        }
        else if (text is not null)
        {
            yield return Plain($"{UnitDirectory}/{name}", text);
        }

        foreach (var dropin in IgnitionReader.Items(unit, "dropins"))
        {
            if (IgnitionReader.Text(dropin, "name") is { } file && !file.Contains('/', StringComparison.Ordinal))
            {
                yield return Plain($"{UnitDirectory}/{name}.d/{file}", IgnitionReader.Text(dropin, "contents") ?? "");
            }
        }

        foreach (var directory in Is(unit, "enabled") ? Wanting(text ?? "") : [])
        {
            yield return IgnitionFile.Link($"{UnitDirectory}/{directory}/{name}", $"{UnitDirectory}/{name}");
        }
    }

    /// <summary>The units that should run: a node that runs none has to say so.</summary>
    public static IEnumerable<string> Enabled(JsonElement config) => config.ValueKind == JsonValueKind.Object && config.TryGetProperty("systemd", out var systemd)
        ? IgnitionReader.Items(systemd, "units").Where(unit => Is(unit, "enabled")).Select(unit => IgnitionReader.Text(unit, "name") ?? "")
        : [];

    private static IEnumerable<string> Wanting(string text)
    {
        var section = "";
        foreach (var line in text.Split('\n').Select(line => line.Trim()))
        {
            if (line.StartsWith('['))
            {
                section = line;
            }
            else if (section == "[Install]" && line.Split('=', 2) is [var key, var value] && Suffix(key.Trim()) is { } suffix)
            {
                foreach (var target in value.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(target => !target.Contains('/', StringComparison.Ordinal)))
                {
                    yield return $"{target}.{suffix}";
                }
            }
        }
    }

    private static string? Suffix(string key) => key switch
    {
        "WantedBy" => "wants",
        "RequiredBy" => "requires",
        _ => null,
    };

    private static IgnitionFile Plain(string path, string text) => new(path, Encoding.UTF8.GetBytes(text), IgnitionReader.DefaultMode, null, null);

    private static bool Is(JsonElement unit, string flag) => unit.ValueKind == JsonValueKind.Object && unit.TryGetProperty(flag, out var value) && value.ValueKind == JsonValueKind.True;
}
