namespace Trunkline.NodeInit.Modules;

/// <summary>Lines of modprobe.d(5) and modules-load.d(5): comments dropped, continued lines joined.</summary>
internal static class ConfigurationLines
{
    public static IEnumerable<string> OfModprobe(string text)
    {
        var joined = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace("\\\n", " ", StringComparison.Ordinal);
        return joined.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#');
    }

    public static IEnumerable<string> OfModulesLoad(string text) =>
        text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] is not ('#' or ';'));

    /// <summary>The kernel and kmod take - and _ in a module's name for the same.</summary>
    public static string Normalize(string name) => name.Replace('-', '_');
}
