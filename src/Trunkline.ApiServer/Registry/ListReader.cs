using Trunkline.ApiServer.Errors;
using Trunkline.ApiServer.Kinds;
using Trunkline.ApiServer.Storage;

namespace Trunkline.ApiServer.Registry;

/// <summary>Reads lists, in pages where a limit is given, all pages at one revision.</summary>
internal sealed class ListReader(ObjectStore store)
{
    public ListPage Read(ResourceKind kind, string? inNamespace, ListQuery query)
    {
        var place = query.Place();
        var state = StateFor(query, place);
        var matching = state.List(kind.Storage, inNamespace).Where(query.Matches);
        if (place is { } from)
        {
            matching = matching.SkipWhile(o => string.CompareOrdinal(Position(o, inNamespace), from.After) < 0);
        }

        // From resourceVersion=0 the real server answers out of its cache, which knows no pages.
        if (query.Limit <= 0 || query.ResourceVersion == "0")
        {
            return new ListPage([.. matching], state.Revision, "", null);
        }

        var all = matching.ToList();
        if (all.Count <= query.Limit)
        {
            return new ListPage(all, state.Revision, "", null);
        }

        var page = all[..(int)query.Limit];
        store.Keep(state);
        return new ListPage(page, state.Revision, ListQuery.Token(state.Revision, Position(page[^1], inNamespace) + "\0"), all.Count - page.Count);
    }

    private static string Position(StoredObject stored, string? inNamespace) =>
        inNamespace is null && stored.Key.Namespace.Length > 0 ? stored.Key.Namespace + "/" + stored.Key.Name : stored.Key.Name;

    private Snapshot StateFor(ListQuery query, (long Revision, string After)? place)
    {
        if (place is { } from)
        {
            return store.Kept(from.Revision) ?? throw StatusErrors.Gone(
                "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.");
        }

        var state = store.State;
        if (query.Revision is { } wanted && wanted > state.Revision)
        {
            throw new ApiStatusException(504, "Timeout", $"Too large resource version: {wanted}, current: {state.Revision}", new System.Text.Json.Nodes.JsonObject
            {
                ["causes"] = new System.Text.Json.Nodes.JsonArray(new System.Text.Json.Nodes.JsonObject { ["reason"] = "ResourceVersionTooLarge", ["message"] = "Too large resource version" }),
                ["retryAfterSeconds"] = 1,
            })
            { RetryAfterSeconds = 1 };
        }

        return query is { ResourceVersionMatch: "Exact", Revision: { } exact }
            ? store.Kept(exact) ?? throw StatusErrors.Gone($"The resourceVersion for the provided list is too old.")
            : state;
    }
}
