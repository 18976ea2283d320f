using YamlDotNet.Core;

namespace Trunkline.ApiServer.Http;

/// <summary>Complaints about bad YAML as go-yaml words them: both readers descend from libyaml, and differ in dress.</summary>
internal static class YamlWords
{
    private static readonly Dictionary<string, string> Known = new(StringComparer.Ordinal)
    {
        ["found invalid mapping"] = "mapping values are not allowed in this context",
        ["mapping values are not allowed in this context"] = "mapping values are not allowed in this context",
        ["did not find expected <document start>"] = "did not find expected <document start>",
        ["could not find expected ':'"] = "could not find expected ':'",
        ["found character that cannot start any token"] = "found character that cannot start any token",
    };

    public static string Of(YamlException bad)
    {
        var words = bad.Message.TrimEnd('.');
        if (words.StartsWith("While ", StringComparison.Ordinal) && words.IndexOf(", ", StringComparison.Ordinal) is > 0 and var comma)
        {
            words = words[(comma + 2)..];
        }

        words = words.Length == 0 ? words : char.ToLowerInvariant(words[0]) + words[1..];

        // go-yaml counts lines from zero, adds one for mistakes of the scanner, and does not name line zero.
        var line = (int)bad.Start.Line - 1 + (bad is SemanticErrorException ? 0 : 1);
        return bad.Start.Line <= 1 ? $"yaml: {Known.GetValueOrDefault(words, words)}" : $"yaml: line {line}: {Known.GetValueOrDefault(words, words)}";
    }
}
