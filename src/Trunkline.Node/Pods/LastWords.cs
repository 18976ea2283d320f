using System.Text;
using Trunkline.Node.Streaming.Logs;

namespace Trunkline.Node.Pods;

/// <summary>The end of a container's log as its termination message: a kubelet's 2048 bytes or 80 lines, whichever is less.</summary>
internal static class LastWords
{
    private const int MostBytes = 2048;
    private const int MostLines = 80;
    private const int Read = 64 * 1024; // the log's own columns stand before each line

    /// <summary>Null where the log has no line.</summary>
    public static string? Of(string logFile)
    {
        if (!File.Exists(logFile))
        {
            return null;
        }

        using var file = new FileStream(logFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Position = Math.Max(0, file.Length - Read);
        var bytes = new byte[Read];
        var length = file.ReadAtLeast(bytes, Read, throwOnEndOfStream: false);
        var lines = new List<string>();
        foreach (var range in bytes.AsSpan(0, length).Split((byte)'\n'))
        {
            if (CriLogLine.TryParse(bytes.AsSpan(0, length)[range], out var line))
            {
                lines.Add(Encoding.UTF8.GetString(line.Content) + (line.IsPartial ? "" : "\n"));
            }
        }

        var text = string.Concat(lines.TakeLast(MostLines));
        return text.Length == 0 ? null : text[Math.Max(0, text.Length - MostBytes)..];
    }
}
