using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Trunkline.Node.Streaming.Logs;

/// <summary>What a reader of a log asks for (PodLogOptions).</summary>
internal sealed record LogOptions(bool Follow, bool Previous, bool Timestamps, long? TailLines, long? LimitBytes, DateTimeOffset? Since)
{
    public static LogOptions Parse(IQueryCollection query, DateTimeOffset now)
    {
        var since = Number(query, "sinceSeconds") is { } seconds ? now - TimeSpan.FromSeconds(Math.Min(seconds, 1_000_000_000)) : (DateTimeOffset?)null;
        if (DateTimeOffset.TryParse(query["sinceTime"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            since = time;
        }

        return new LogOptions(Flag(query, "follow"), Flag(query, "previous"), Flag(query, "timestamps"), Number(query, "tailLines"), Number(query, "limitBytes"), since);
    }

    private static bool Flag(IQueryCollection query, string name) => query[name].ToString() is "true" or "1";

    private static long? Number(IQueryCollection query, string name) =>
        long.TryParse(query[name], NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
}
