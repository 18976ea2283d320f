using System.Text.Json.Nodes;

namespace Trunkline.ApiServer.Tests.Support;

/// <summary>A recorded request and what a real kube-apiserver answered.</summary>
internal sealed record GoldenRequest(string File, string Method, string Path, IReadOnlyList<(string Name, string Value)> Headers, string? Body, int Code, string Answer, IReadOnlyList<string> Warnings)
{
    public JsonNode? Json => Answer.TrimStart().StartsWith('{') ? JsonNode.Parse(Answer) : null;

    /// <summary>Where the recordings are, or null.</summary>
    public static string? Root => Find();

    public static GoldenRequest Read(string file)
    {
        var lines = System.IO.File.ReadAllText(file).Split('\n');
        var separator = Array.IndexOf(lines, "---");
        var sent = lines[..separator].Select(l => l.StartsWith("> ", StringComparison.Ordinal) ? l[2..] : l.TrimStart('>')).ToList();
        var bodyAt = sent.IndexOf("body:");
        var head = sent[0].Split(' ', 2);
        var headers = (bodyAt < 0 ? sent[1..] : sent[1..bodyAt]).Where(l => l.Contains(": ", StringComparison.Ordinal)).Select(l => l.Split(": ", 2)).Select(p => (p[0], p[1])).ToList();
        var got = lines[(separator + 1)..].Select(l => l.TrimEnd('\r')).ToList();
        var blank = got.IndexOf("");
        return new GoldenRequest(
            file,
            head[0],
            head[1],
            headers,
            bodyAt < 0 ? null : string.Join('\n', sent[(bodyAt + 1)..]),
            int.Parse(got[0].Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture),
            string.Join('\n', got[(blank + 1)..]),
            [.. got[1..blank].Where(l => l.StartsWith("Warning: ", StringComparison.Ordinal)).Select(l => l["Warning: ".Length..])]);
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("TRUNKLINE_SHARED") is { Length: > 0 } named)
        {
            return System.IO.Path.Combine(named, "golden");
        }

        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            var candidate = System.IO.Path.Combine(at.FullName, "shared", "golden");
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }
}
