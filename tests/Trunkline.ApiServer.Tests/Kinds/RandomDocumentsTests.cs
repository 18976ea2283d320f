using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Trunkline.ApiServer.Kinds;
using Trunkline.ApiServer.Kinds.Strategies;
using Trunkline.ApiServer.Validation.Decoding;
using Xunit;

namespace Trunkline.ApiServer.Tests.Kinds;

/// <summary>Whatever is sent: field errors or a decoding error, never another exception, and what is accepted is stable.</summary>
public sealed class RandomDocumentsTests(ITestOutputHelper output)
{
    private static readonly Dictionary<string, string> Valid = new()
    {
        ["services"] = """{"metadata":{"name":"a","labels":{"a":"b"}},"spec":{"type":"NodePort","clusterIP":"172.30.1.1","clusterIPs":["172.30.1.1"],"ipFamilies":["IPv4"],"sessionAffinity":"ClientIP","selector":{"a":"b"},"ports":[{"name":"x","port":80,"protocol":"SCTP","targetPort":"web"}],"externalIPs":["1.2.3.4"]}}""",
        ["pods"] = """{"metadata":{"name":"a","ownerReferences":[{"apiVersion":"v1","kind":"Node","name":"n","uid":"u","controller":true}]},"spec":{"containers":[{"name":"a","image":"x","env":[{"name":"A","valueFrom":{"fieldRef":{"fieldPath":"metadata.name"}}}],"ports":[{"containerPort":1,"hostPort":2,"protocol":"SCTP"}],"resources":{"limits":{"cpu":"1","memory":"1Gi"}},"livenessProbe":{"tcpSocket":{"port":80}},"volumeMounts":[{"name":"v","mountPath":"/a"}]}],"volumes":[{"name":"v","emptyDir":{}}],"tolerations":[{"key":"a","operator":"Exists"}]},"status":{"phase":"Running","containerStatuses":[{"name":"a","restartCount":1,"state":{"waiting":{"reason":"X"}}}]}}""",
        ["networkpolicies"] = """{"metadata":{"name":"a"},"spec":{"podSelector":{"matchExpressions":[{"key":"a","operator":"In","values":["b"]}]},"ingress":[{"from":[{"ipBlock":{"cidr":"10.0.0.0/8","except":["10.1.0.0/16"]}}],"ports":[{"port":80,"endPort":90,"protocol":"SCTP"}]}],"policyTypes":["Ingress"]}}""",
        ["endpointslices"] = """{"metadata":{"name":"a"},"addressType":"IPv4","endpoints":[{"addresses":["1.2.3.4"],"conditions":{"ready":true}}],"ports":[{"name":"x","port":80}]}""",
        ["nodes"] = """{"metadata":{"name":"a"},"spec":{"taints":[{"key":"a","effect":"NoSchedule"}],"podCIDRs":["10.0.0.0/24"]},"status":{"addresses":[{"type":"InternalIP","address":"1.2.3.4"}],"conditions":[{"type":"Ready","status":"True"}]}}""",
        ["deployments"] = """{"metadata":{"name":"a"},"spec":{"replicas":1,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"a","image":"x"}]}}}}""",
        ["machineconfigpools"] = """{"metadata":{"name":"a"},"spec":{"paused":false,"maxUnavailable":1,"configuration":{"name":"x","source":[{"name":"y"}]}},"status":{"conditions":[{"type":"Updated","status":"True"}]}}""",
        ["machineconfigs"] = """{"metadata":{"name":"a"},"spec":{"config":{"ignition":{"version":"3.2.0"},"storage":{"files":[{"path":"/a","mode":420,"append":[]}]}},"kernelArguments":["a"]}}""",
        ["secrets"] = """{"metadata":{"name":"a"},"data":{"a":"YQ=="},"stringData":{"b":"c"},"type":"Opaque"}""",
        ["poddisruptionbudgets"] = """{"metadata":{"name":"a"},"spec":{"minAvailable":"50%","selector":{"matchLabels":{"a":"b"}}}}""",
    };

    private static readonly string[] Junk =
        ["null", "true", "\"\"", "\"x\"", "\"UPPER_case\"", "-1", "0", "65536", "1.5", "1e99", "99999999999999999999", "[]", "{}", "[null]", "{\"a\":null}", "\"2026-11-22T00:00:00Z\"", "\"10.0.0.0/8\"", "\"\\u0000\\ud83d\\ude00\"", "[[]]", "\"100%\""];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Mutated_objects_are_refused_or_stored_but_nothing_breaks(int seed)
    {
        output.WriteLine($"seed {seed}");
        var random = new SeededRandom(seed);
        var refused = 0;
        for (var i = 0; i < 3000; i++)
        {
            var (plural, json) = Valid.ElementAt(random.Next(Valid.Count));
            var document = JsonNode.Parse(json)!;
            for (var n = random.Next(3); n >= 0; n--)
            {
                Mutate(document, random);
            }

            refused += Try(KindCatalog.All.First(k => k.Plural == plural), document.ToJsonString()) ? 0 : 1;
        }

        Assert.InRange(refused, 500, 2990);
    }

    [Fact]
    public void Unmutated_objects_are_accepted() => Assert.All(Valid, v => Assert.True(Try(KindCatalog.All.First(k => k.Plural == v.Key), v.Value), v.Key));

    private static bool Try(ResourceKind kind, string json)
    {
        var strategy = StrategyCatalog.For(kind);
        DecodedDocument decoded;
        try
        {
            decoded = strategy.Decode(Encoding.UTF8.GetBytes(json));
        }
        catch (Exception e) when (e is DecodingException or JsonException)
        {
            return false;
        }

        var obj = decoded.Document;
        if (kind.Namespaced)
        {
            obj["metadata"]!["namespace"] = "default";
        }

        strategy.Cells(obj, DateTimeOffset.UnixEpoch);
        strategy.ApplyDefaults(obj);
        strategy.PrepareForCreate(obj);
        var errors = strategy.Validate(obj);
        Assert.All(errors, e => Assert.False(string.IsNullOrEmpty(e.Message)));
        strategy.Warnings(obj, null);
        Assert.Equal(strategy.Columns.Count, strategy.Cells(obj, DateTimeOffset.UnixEpoch).Count);
        if (errors.Count > 0 || decoded.Mismatches.Count > 0)
        {
            return false;
        }

        // What is stored, sent back unchanged, is stored unchanged.
        var again = strategy.Decode(JsonSerializer.SerializeToUtf8Bytes<JsonNode>(obj)).Document;
        strategy.ApplyDefaults(again);
        strategy.PrepareForUpdate(again, obj, "");
        Assert.Empty(strategy.ValidateUpdate(again, obj, ""));
        Assert.True(JsonNode.DeepEquals(again, obj), $"{obj.ToJsonString()}\n{again.ToJsonString()}");
        return decoded.StrictErrors.Count == 0;
    }

    private static void Mutate(JsonNode root, SeededRandom random)
    {
        var places = new List<(JsonNode Parent, object Key)>();
        Collect(root, places);
        if (places.Count == 0)
        {
            return;
        }

        var (parent, key) = places[random.Next(places.Count)];
        var junk = JsonNode.Parse(Junk[random.Next(Junk.Length)]);
        switch (parent)
        {
            case JsonArray array:
                array[(int)key] = junk;
                break;
            case JsonObject obj when random.Next(4) == 0:
                obj.Remove((string)key);
                break;
            case JsonObject obj when random.Next(8) == 0:
                obj["unheardOf"] = junk;
                break;
            case JsonObject obj:
                obj[(string)key] = junk;
                break;
            default:
                break;
        }
    }

    private static void Collect(JsonNode node, List<(JsonNode, object)> places)
    {
        if (node is JsonObject obj)
        {
            foreach (var (key, value) in obj)
            {
                places.Add((obj, key));
                if (value is not null)
                {
                    Collect(value, places);
                }
            }
        }
        else if (node is JsonArray array)
        {
            for (var i = 0; i < array.Count; i++)
            {
                places.Add((array, i));
                if (array[i] is { } value)
                {
                    Collect(value, places);
                }
            }
        }
    }

    /// <summary>xorshift: the same everywhere, so that a seed is a case.</summary>
    private sealed class SeededRandom(int seed)
    {
        private ulong _state = ((ulong)seed * 0x9E3779B97F4A7C15) | 1;

        public int Next(int below)
        {
            _state ^= _state << 13;
            _state ^= _state >> 7;
            _state ^= _state << 17;
            return (int)(_state % (ulong)below);
        }
    }
}
