using System.Text.Json;
using Trunkline.Node.MachineConfig.Ignition;

namespace Trunkline.Node.MachineConfig;

/// <summary>A rendered MachineConfig as the daemon needs it: its name, the files it wants, and its own text to keep on disk.</summary>
internal sealed record RenderedConfig(string Name, IReadOnlyList<IgnitionFile> Files, string Json)
{
    public static RenderedConfig Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        var name = document.RootElement.GetProperty("metadata").GetProperty("name").GetString() ?? throw new InvalidDataException("a MachineConfig without a name");
        var files = document.RootElement.TryGetProperty("spec", out var spec) && spec.TryGetProperty("config", out var config) ? IgnitionReader.Files(config) : [];
        return new RenderedConfig(name, files, json);
    }
}
