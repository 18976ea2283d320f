using System.Text;
using System.Text.Json.Nodes;
using Trunkline.ApiServer.Tests.Support;
using Xunit;

namespace Trunkline.ApiServer.Tests.Requests;

/// <summary>Patches and bodies bent at random: each is answered, by a success or by a refusal with a message, and none by an internal error.</summary>
public sealed class RandomPatchesTests
{
    private const int Rounds = 3000;
    private const string Services = "/api/v1/namespaces/default/services";

    private const string Service = """
        {"apiVersion":"v1","kind":"Service","metadata":{"name":"z","labels":{"a":"b"},"finalizers":["a.b/c"],"ownerReferences":[{"apiVersion":"v1","kind":"Pod","name":"p","uid":"u"}]},
        "spec":{"type":"NodePort","ports":[{"name":"a","port":80,"targetPort":"x","nodePort":30777,"protocol":"SCTP"}],"selector":{"a":"b"},"clusterIP":"172.30.7.7","clusterIPs":["172.30.7.7"]}}
        """;

    private static readonly string[] Values =
    [
        "null", "true", "0", "-1", "1.5", "1e300", "9223372036854775808", "\"\"", "\"x\"", "\"HALF\"", "[]", "{}", "[null]", "[[]]", "{\"\":\"\"}", "{\"a\":null}", "{\"$patch\":\"delete\"}", "{\"$patch\":5}",
        "{\"$retainKeys\":[\"a\"]}", "\"172.30.0.1\"",
    ];

    private static readonly string[] Names = ["$patch", "$retainKeys", "$setElementOrder/ports", "$deleteFromPrimitiveList/finalizers", "", "bogus", "managedFields", ".."];

    [Fact]
    public async Task No_patch_and_no_body_makes_an_internal_error()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        var random = new Random(seed);
        await using var cluster = await TestCluster.StartAsync();
        Assert.Equal(201, (await cluster.SendAsync("POST", Services, Service)).Code);
        var codes = new HashSet<int>();
        for (var i = 0; i < Rounds; i++)
        {
            var (method, query, type) = random.Next(7) switch
            {
                0 => ("POST", "", "application/json"),
                1 => ("PUT", "/z", "application/json"),
                2 => ("PATCH", "/z", "application/merge-patch+json"),
                3 => ("PATCH", "/z", "application/strategic-merge-patch+json"),
                4 => ("PATCH", "/z", "application/apply-patch+yaml"),
                5 => ("PATCH", "/z", "application/json-patch+json"),
                _ => ("DELETE", "/nosuch", "application/json"),
            };
            var body = type == "application/json-patch+json" ? Steps(random) : Bent(random).ToJsonString();

            // Half a surrogate pair: this side's own writer would refuse it.
            body = body.Replace("HALF", "\\ud800", StringComparison.Ordinal);
            if (random.Next(8) == 0)
            {
                body = Torn(random, body);
            }

            var mode = random.Next(3) switch { 0 => "Strict", 1 => "Ignore", _ => "Warn" };
            var force = type == "application/apply-patch+yaml" ? "&fieldManager=f&force=true" : "";
            var (code, answer) = await cluster.SendAsync(method, $"{Services}{query}?dryRun=All&fieldValidation={mode}{force}", body, type);
            codes.Add(code);
            var told = (string?)answer["reason"] != "InternalError" && (code < 400 || ((string?)answer["message"]) is { Length: > 0 });
            Assert.True(told, $"seed {seed}: {method} {type} {mode}\n{body}\n{code} {answer.ToJsonString()}");
        }

        Assert.Superset(new HashSet<int> { 200, 400, 404, 422 }, codes);
    }

    private static JsonNode Bent(Random random)
    {
        var document = JsonNode.Parse(Service)!;
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            var places = Places(document).ToList();
            var at = places[random.Next(places.Count)];
            var value = JsonNode.Parse(Values[random.Next(Values.Length)]);
            switch (at.Parent)
            {
                case JsonObject map when random.Next(4) == 0:
                    map[Names[random.Next(Names.Length)]] = value;
                    break;
                case JsonObject map when random.Next(4) == 0:
                    map.Remove(at.GetPropertyName());
                    break;
                case not null:
                    at.ReplaceWith(value);
                    break;
            }
        }

        return document;
    }

    private static IEnumerable<JsonNode> Places(JsonNode node) => node switch
    {
        JsonObject map => map.Where(p => p.Value is not null).SelectMany(p => Places(p.Value!).Prepend(p.Value!)),
        JsonArray list => list.Where(i => i is not null).SelectMany(i => Places(i!).Prepend(i!)),
        _ => [],
    };

    private static string Steps(Random random)
    {
        string[] operations = ["\"add\"", "\"remove\"", "\"replace\"", "\"test\"", "\"move\"", "\"copy\"", "\"x\"", "null", "5"];
        string[] ends = ["", "", "/-", "/0", "/a", "~1", "~2"];
        var places = Places(JsonNode.Parse(Service)!).Select(p => "/" + p.GetPath().TrimStart('$', '.').Replace('.', '/').Replace("[", "/", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal)).ToList();
        string Path() => "\"" + places[random.Next(places.Count)].Replace("\"", "", StringComparison.Ordinal).Replace("'", "", StringComparison.Ordinal) + ends[random.Next(ends.Length)] + "\"";
        var steps = Enumerable.Range(0, random.Next(1, 4)).Select(_ =>
            $$"""{"op":{{operations[random.Next(operations.Length)]}},"path":{{Path()}},"from":{{Path()}},"value":{{Values[random.Next(Values.Length)]}}}""");
        return $"[{string.Join(',', steps)}]";
    }

    private static string Torn(Random random, string body)
    {
        var text = new StringBuilder(body);
        text[random.Next(text.Length)] = (char)random.Next(1, 127);
        return text.ToString(0, random.Next(text.Length / 2, text.Length));
    }
}
