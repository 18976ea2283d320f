using System.Text.Json.Nodes;
using Trunkline.ApiServer.Kinds;

namespace Trunkline.ApiServer.Tests.Kinds.Golden;

/// <summary>A recorded request and the real server's answer.</summary>
internal sealed record GoldenExchange(string File, string Method, string Target, string ContentType, string Body, int Status, IReadOnlyList<string> Warnings, JsonObject? Answer)
{
    /// <summary>The folder golden/, or null where the recordings are absent.</summary>
    public static string? Folder { get; } = Find();

    public string Path => Target.Split('?')[0];

    /// <summary>The kind served at the path; null where we know none.</summary>
    public ResourceKind? Kind
    {
        get
        {
            var parts = Path.Split('/');
            var (group, version, rest) = Path.StartsWith("/apis/", StringComparison.Ordinal) ? (parts[2], parts[3], parts[4..]) : ("", "v1", parts[Math.Min(3, parts.Length)..]);
            var plural = rest is ["namespaces", _, var inner, ..] ? inner : rest.FirstOrDefault() ?? "";
            return KindCatalog.Find(group, version, plural);
        }
    }

    public string Query(string name) => Target.Contains('?', StringComparison.Ordinal)
        ? Target.Split('?')[1].Split('&').Select(p => p.Split('=')).FirstOrDefault(p => p[0] == name)?[1] ?? ""
        : "";

    public static IEnumerable<GoldenExchange> All(string folder) =>
        Folder is null ? [] : Directory.GetFiles(System.IO.Path.Combine(Folder, folder), "*.http").Order(StringComparer.Ordinal).Select(Read);

    public static GoldenExchange Read(string file)
    {
        var lines = LinesOf(file);
        var split = Array.IndexOf(lines, "---");
        var request = lines[..split].Select(l => l.StartsWith("> ", StringComparison.Ordinal) ? l[2..] : l.TrimStart('>')).ToArray();
        var body = Array.IndexOf(request, "body:");
        var answer = lines[(split + 1)..];
        var blank = Array.IndexOf(answer, "");
        var headers = answer[1..(blank < 0 ? answer.Length : blank)];
        var text = string.Join('\n', blank < 0 ? [] : answer[blank..]).Trim();
        var words = request[0].Split(' ');
        return new GoldenExchange(
            System.IO.Path.GetFileName(file),
            words[0],
            words[1],
            request.FirstOrDefault(h => h.StartsWith("Content-Type: ", StringComparison.Ordinal))?[14..] ?? "",
            body < 0 ? "" : string.Join('\n', request[(body + 1)..]),
            int.Parse(answer[0].Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture),
            [.. headers.Where(h => h.StartsWith("Warning: 299 - ", StringComparison.Ordinal)).Select(h => JsonNode.Parse(h[15..])!.GetValue<string>())],
            text.StartsWith('{') && !text.Contains("\n{", StringComparison.Ordinal) ? JsonNode.Parse(text)!.AsObject() : null);
    }

    public override string ToString() => File;

    private static string[] LinesOf(string file) => System.IO.File.ReadAllText(file).Replace("\r", "", StringComparison.Ordinal).Split('\n');

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("TRUNKLINE_SHARED") is { Length: > 0 } shared)
        {
            return System.IO.Path.Combine(shared, "golden");
        }

        for (var d = new DirectoryInfo(AppContext.BaseDirectory); d is not null; d = d.Parent)
        {
            if (System.IO.File.Exists(System.IO.Path.Combine(d.FullName, "Trunkline.slnx")) || Directory.Exists(System.IO.Path.Combine(d.FullName, "shared", "golden")))
            {
                foreach (var up in new[] { d.FullName, d.Parent?.FullName, d.Parent?.Parent?.FullName })
                {
                    var candidate = System.IO.Path.Combine(up ?? "/", "shared", "golden");
                    if (IsGolden(candidate))
                    {
                        return candidate;
                    }
                }
            }
        }

        return null;
    }

    private static bool IsGolden(string folder) => System.IO.File.Exists(System.IO.Path.Combine(folder, "README.md"));
}
