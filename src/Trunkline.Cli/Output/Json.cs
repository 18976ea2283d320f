using System.Text.Json;

namespace Trunkline.Cli.Output;

/// <summary>One JSON document on standard output, whatever the terminal: no colours, no wrapping.</summary>
internal static class Json
{
    private static readonly JsonSerializerOptions s_options = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static void Write(object document) => Console.Out.WriteLine(JsonSerializer.Serialize(document, s_options));
}
