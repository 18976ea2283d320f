using System.Globalization;

namespace Trunkline.Controllers.Tests.Recorded;

/// <summary>One step of the recorded session: a command with what it printed, or a request with its raw answer.</summary>
internal sealed record RecordedStep(string Name, string Command, string Output, string Errors, int Code, string Body, string ContentType, IReadOnlyList<string> Headers)
{
    public bool IsHttp => Command.Length > 0 && Command[0] != '$';

    /// <summary>The folder golden/, or null where the recordings are absent.</summary>
    public static string? Root { get; } = Find();

    public static IEnumerable<RecordedStep> Of(string folder) => Directory.GetFiles(Path.Combine(Root!, folder)).Order(StringComparer.Ordinal)
        .Where(f => char.IsAsciiDigit(Path.GetFileName(f)[0])).Select(Read);

    private static RecordedStep Read(string file)
    {
        var name = $"{Path.GetFileName(Path.GetDirectoryName(file))![..2]}/{Path.GetFileNameWithoutExtension(file)}";
        var text = File.ReadAllText(file).Replace("\r", "", StringComparison.Ordinal);
        return file.EndsWith(".http", StringComparison.Ordinal) ? Http(name, text.Split('\n')) : Text(name, text);
    }

    private static RecordedStep Text(string name, string text)
    {
        // Output need not end with a line end: the next mark then stands in the same line.
        const string Out = "--- stdout\n", Err = "--- stderr\n", Exit = "--- exit ";
        var (stdout, stderr, exit) = (text.IndexOf(Out, StringComparison.Ordinal), text.LastIndexOf(Err, StringComparison.Ordinal), text.LastIndexOf(Exit, StringComparison.Ordinal));
        return new RecordedStep(
            name,
            text.Split('\n')[0],
            text[(stdout + Out.Length)..stderr],
            text[(stderr + Err.Length)..exit],
            int.Parse(text[(exit + Exit.Length)..].Trim(), CultureInfo.InvariantCulture),
            "",
            "",
            []);
    }

    private static RecordedStep Http(string name, string[] lines)
    {
        var split = Array.IndexOf(lines, "---");
        var sent = lines[..split].Select(l => l.StartsWith("> ", StringComparison.Ordinal) ? l[2..] : l.TrimStart('>')).ToArray();
        var body = Array.IndexOf(sent, "body:");
        var got = lines[(split + 1)..];
        var blank = Array.IndexOf(got, "");
        return new RecordedStep(
            name,
            sent[0],
            string.Join('\n', got[(blank + 1)..]),
            string.Join('\n', got[1..blank].Where(h => h.StartsWith("Warning: ", StringComparison.Ordinal)).Select(h => h["Warning: ".Length..])),
            int.Parse(got[0].Split(' ')[1], CultureInfo.InvariantCulture),
            body < 0 ? "" : string.Join('\n', sent[(body + 1)..]),
            got[1..blank].FirstOrDefault(h => h.StartsWith("Content-Type: ", StringComparison.Ordinal))?["Content-Type: ".Length..] ?? "",
            [.. sent[1..(body < 0 ? sent.Length : body)].Where(h => h.Length > 0)]);
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("TRUNKLINE_SHARED") is { Length: > 0 } named)
        {
            return Path.Combine(named, "golden");
        }

        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (Directory.Exists(Path.Combine(at.FullName, "shared", "golden")))
            {
                return Path.Combine(at.FullName, "shared", "golden");
            }
        }

        return null;
    }
}
