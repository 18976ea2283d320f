using System.Text.Json;
using Trunkline.Node.MachineConfig.Ignition;

namespace Trunkline.Node.MachineConfig;

/// <summary>A rendered MachineConfig as the daemon needs it: its name, the files it wants, and its own text to keep on disk.</summary>
internal sealed record RenderedConfig(string Name, IReadOnlyList<IgnitionFile> Files, string Json)
{
    /// <summary>Units that should run. A lab's node runs no systemd: they are written and enabled, and that they do not run is said.</summary>
    public IReadOnlyList<string> EnabledUnits { get; private init; } = [];

    /// <summary>What it wants beside Ignition and a lab's node cannot do, by its first member; null when nothing.</summary>
    public string? Unsupported { get; private init; }

    public static RenderedConfig Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        var name = document.RootElement.GetProperty("metadata").GetProperty("name").GetString() ?? throw new InvalidDataException("a MachineConfig without a name");
        if (!document.RootElement.TryGetProperty("spec", out var spec) || spec.ValueKind != JsonValueKind.Object)
        {
            return new RenderedConfig(name, [], json);
        }

        var hasConfig = spec.TryGetProperty("config", out var config);
        return new RenderedConfig(name, hasConfig ? IgnitionReader.Files(config) : [], json)
        {
            EnabledUnits = hasConfig ? [.. SystemdUnits.Enabled(config)] : [],
            Unsupported = Beyond(spec),
        };
    }

    // What reaches the kernel or the operating system's image is the machine's, and a lab's nodes share it.
    private static string? Beyond(JsonElement spec)
    {
        if (spec.TryGetProperty("fips", out var fips) && fips.ValueKind == JsonValueKind.True)
        {
            return "detected change to FIPS flag; refusing to modify FIPS on a running cluster";
        }

        var member = ((string[])["kernelArguments", "extensions"]).FirstOrDefault(list => IgnitionReader.Items(spec, list).Any())
            ?? ((string[])["kernelType", "osImageURL"]).FirstOrDefault(text => IgnitionReader.Text(spec, text) is { Length: > 0 } value and not "default");
        return member is null ? null : $"{member}: a lab's node runs on the machine's own kernel and system, which a MachineConfig cannot change";
    }
}
