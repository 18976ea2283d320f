using System.Text.Json.Nodes;
using Trunkline.ApiServer.Validation.Fields;
using static Trunkline.ApiServer.Tables.TableLayout;

namespace Trunkline.ApiServer.Tables;

/// <summary>Events, whichever of the two groups they are read through.</summary>
internal static class EventTable
{
    public static readonly TableLayout Layout = new(
        [
            Text("Last Seen", ColumnText.EventLastSeen),
            Text("Type", ColumnText.EventType),
            Text("Reason", ColumnText.EventReason),
            Text("Object", ColumnText.EventObject),
            Wide("Subobject", ColumnText.EventSubobject),
            Wide("Source", ColumnText.EventSource),
            Text("Message", ColumnText.EventMessage),
            Wide("First Seen", ColumnText.EventFirstSeen),
            Wide("Count", ColumnText.EventCount),
            new("Name", "string", ColumnText.Name, 1, "name"),
        ],
        Cells);

    private static IReadOnlyList<JsonNode?> Cells(JsonObject e, DateTimeOffset now)
    {
        var subject = e.Obj("involvedObject") ?? e.Obj("regarding");
        var series = e.Obj("series");
        var first = Print.Since(e.Str("firstTimestamp") ?? e.Str("deprecatedFirstTimestamp") ?? e.Str("eventTime"), now);
        var seen = series.Str("lastObservedTime") ?? e.Str("lastTimestamp") ?? e.Str("deprecatedLastTimestamp");
        var last = seen is null ? first : Print.Since(seen, now);
        var count = series.Int("count") ?? e.Int("count") ?? e.Int("deprecatedCount") ?? 0;
        return
        [
            last,
            e.Text("type"),
            e.Text("reason"),
            Object(subject),
            subject.Text("fieldPath"),
            Source(e),
            (e.Str("message") ?? e.Text("note")).Trim(),
            first,
            Math.Max(1, count),
            Print.Name(e),
        ];
    }

    private static string Object(JsonObject? subject)
    {
        var kind = subject.Text("kind").ToLowerInvariant();
        return subject.Text("name") is { Length: > 0 } name ? $"{kind}/{name}" : kind;
    }

    private static string Source(JsonObject e)
    {
        var source = e.Obj("source") ?? e.Obj("deprecatedSource");
        var component = source.Text("component") is { Length: > 0 } c ? c : e.Str("reportingComponent") ?? e.Text("reportingController");
        return source.Text("host") is { Length: > 0 } host ? $"{component}, {host}" : component;
    }
}
