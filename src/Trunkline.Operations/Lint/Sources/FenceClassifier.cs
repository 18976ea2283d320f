using System.Text.RegularExpressions;

namespace Trunkline.Operations.Lint.Sources;

/// <summary>Tells what a fence holds: the label counts, but a fence labelled <c>yaml</c> that begins with <c>cat &lt;&lt;EOF</c> holds commands.</summary>
internal static partial class FenceClassifier
{
    public static FenceContent Classify(SourceText source, Fence fence)
    {
        var lines = Enumerable.Range(fence.Open + 1, Math.Max(0, fence.Close - fence.Open - 1)).Select(source.Line).ToList();
        return fence.Label switch
        {
            "yaml" or "yml" or "json" or "jsonc" when lines.Exists(line => ShellReader.HeredocStart().IsMatch(line)) => FenceContent.Shell,
            "yaml" or "yml" or "json" => FenceContent.Manifests,
            "bash" or "sh" or "shell" or "console" or "terminal" or "shell-session" or "shellsession" or "zsh" or "ksh" => FenceContent.Shell,
            "" or "text" or "txt" or "plain" or "plaintext" or "none" or "output" => Guess(lines),
            _ => FenceContent.Other,
        };
    }

    private static FenceContent Guess(List<string> lines)
    {
        var first = lines.Find(line => line.AsSpan().Trim() is { Length: > 0 } text && text[0] != '#' && !text.StartsWith("---", StringComparison.Ordinal)) ?? "";
        if (ManifestStart().IsMatch(first) || (first.AsSpan().TrimStart() is ['{', ..] && lines.Exists(line => line.Contains("\"apiVersion\"", StringComparison.Ordinal))))
        {
            return FenceContent.Manifests;
        }

        return lines.Exists(line => ShellReader.IsPromptOrCommand(line)) ? FenceContent.Shell : FenceContent.Other;
    }

    [GeneratedRegex(@"^\s*(apiVersion|kind|metadata|spec)\s*:", RegexOptions.CultureInvariant)]
    private static partial Regex ManifestStart();
}
