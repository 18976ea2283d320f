using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Trunkline.ApiServer.Errors;
using Xunit;

namespace Trunkline.ApiServer.Tests.Kinds.Golden;

/// <summary>Every recorded POST that a kind alone decides: the same Status, or the same stored object and the same warnings.</summary>
public sealed partial class RecordedWritesTests
{
    public static TheoryData<string> Refused => Cases(e => e.Status is 400 or 422);

    public static TheoryData<string> Accepted => Cases(e => e.Status == 201);

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Refused))]
    public void A_refused_object_gets_the_recorded_status(string file)
    {
        var exchange = Find(file);
        var error = Assert.Throws<ApiStatusException>(() => Run(exchange));
        Assert.Equal(exchange.Answer!.ToJsonString(), error.ToStatus().ToJsonString());
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Accepted))]
    public void An_accepted_object_is_stored_as_recorded(string file)
    {
        var exchange = Find(file);
        var outcome = Run(exchange);
        Assert.Equal(exchange.Warnings, outcome.Warnings);
        Assert.Equal(Comparable(exchange.Answer!), Comparable(outcome.Object!));
    }

    [Fact]
    public void The_recordings_hold_enough_cases()
    {
        Assert.SkipWhen(GoldenExchange.Folder is null, "golden/ is absent");
        Assert.True(Refused.Count >= 35 && Accepted.Count >= 10, $"{Refused.Count} refused, {Accepted.Count} accepted");
    }

    private static TheoryData<string> Cases(Func<GoldenExchange, bool> wanted)
    {
        var data = new TheoryData<string>();
        foreach (var exchange in GoldenExchange.All("06-errors").Concat(GoldenExchange.All("02-seed")).Where(e => e.Method == "POST" && Decided(e) && wanted(e)))
        {
            data.Add(exchange.File);
        }

        return data;
    }

    // What storage, allocation, routing or query parameters decide is the protocol half's.
    private static bool Decided(GoldenExchange e)
    {
        var message = e.Answer?["message"]?.GetValue<string>() ?? "";
        return e.Kind is not null && !NotHere().IsMatch(message);
    }

    [GeneratedRegex("allocate|CreateOptions|unknown conversion|namespace of the provided|already exists|forbidden:|not found")]
    private static partial Regex NotHere();

    private static GoldenExchange Find(string file) => GoldenExchange.All("06-errors").Concat(GoldenExchange.All("02-seed")).Single(e => e.File == file);

    private static Writes.Outcome Run(GoldenExchange e)
    {
        var json = e.ContentType.Contains("yaml", StringComparison.Ordinal) ? YamlToJson.Convert(e.Body) : e.Body;
        var mode = e.Query("fieldValidation") is { Length: > 0 } given ? given : "Warn";
        return Writes.Create(e.Kind!, json, mode, allocate: o => Allocate(o, e.Answer));
    }

    // Stands in for the allocators: takes the recorded addresses and ports.
    private static void Allocate(JsonObject obj, JsonObject? answer)
    {
        if (obj["kind"]?.GetValue<string>() != "Service" || answer?["spec"] is not JsonObject spec)
        {
            return;
        }

        foreach (var field in (string[])["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"])
        {
            obj["spec"]![field] ??= spec[field]?.DeepClone();
        }

        var recorded = spec["ports"]!.AsArray();
        foreach (var (port, i) in obj["spec"]!["ports"]!.AsArray().Select((p, i) => (p!, i)))
        {
            if (recorded[i]!["nodePort"] is { } number)
            {
                port["nodePort"] = number.DeepClone();
            }
        }
    }

    private static string Comparable(JsonObject obj)
    {
        var copy = obj.DeepClone().AsObject();
        foreach (var field in (string[])["uid", "resourceVersion", "creationTimestamp", "managedFields", "generation", "name"])
        {
            copy["metadata"]!.AsObject().Remove(field);
        }

        return TokenVolume().Replace(Sorted(copy)!.ToJsonString(), "kube-api-access-x");
    }

    [GeneratedRegex("kube-api-access-[a-z0-9]{5}")]
    private static partial Regex TokenVolume();

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject o => new JsonObject(o.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, Sorted(p.Value)))),
        JsonArray a => new JsonArray([.. a.Select(Sorted)]),
        _ => node?.DeepClone(),
    };
}
