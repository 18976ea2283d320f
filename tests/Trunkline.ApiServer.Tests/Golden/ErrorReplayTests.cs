using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Trunkline.ApiServer.Tests.Support;
using Xunit;

namespace Trunkline.ApiServer.Tests.Golden;

/// <summary>Sends what was sent to a real kube-apiserver 1.28, in the same order, and compares codes, reasons, messages and details.</summary>
public sealed class ErrorReplayTests
{
    // 041: no such answer from us, for machineconfiguration is served here. See docs/compatibility.md.
    private static readonly string[] Differ = ["044-mcfg-notfound"];

    [Fact]
    public async Task Every_recorded_request_gets_the_recorded_code_and_words()
    {
        Assert.SkipWhen(GoldenRequest.Root is null, "the recordings in ../shared/golden are not here");
        await using var cluster = await TestCluster.StartAsync();
        await SeedAsync(cluster);
        var different = new List<string>();
        foreach (var file in Directory.GetFiles(Path.Combine(GoldenRequest.Root!, "06-errors"), "*.http").Order(StringComparer.Ordinal))
        {
            if (!Differ.Contains(Path.GetFileNameWithoutExtension(file)))
            {
                different.AddRange(await CompareAsync(cluster, GoldenRequest.Read(file)));
            }
        }

        Assert.True(different.Count == 0, $"{different.Count} differences:\n" + string.Join("\n", different));
    }

    private static async Task SeedAsync(TestCluster cluster)
    {
        foreach (var ns in new[] { "sctp-demo", "project1" })
        {
            await cluster.SendAsync("POST", "/api/v1/namespaces", new JsonObject { ["metadata"] = new JsonObject { ["name"] = ns } }.ToJsonString());
        }

        var (code, _) = await cluster.SendAsync(
            "POST",
            "/api/v1/namespaces/sctp-demo/services?fieldManager=kubectl-create",
            """{"apiVersion":"v1","kind":"Service","metadata":{"name":"sctpservice","labels":{"app":"sctpserver"}},"spec":{"type":"NodePort","selector":{"app":"sctpserver"},"ports":[{"name":"sctpserver","protocol":"SCTP","port":30102,"targetPort":30102}]}}""");
        Assert.Equal(201, code);
    }

    private static async Task<List<string>> CompareAsync(TestCluster cluster, GoldenRequest golden)
    {
        using var request = new HttpRequestMessage(new HttpMethod(golden.Method), golden.Path);
        if (golden.Body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(golden.Body));
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(golden.Headers.First(h => h.Name == "Content-Type").Value);
        }

        var client = Path.GetFileName(golden.File) switch
        {
            var f when f.Contains("forbidden", StringComparison.Ordinal) => cluster.Client(cluster.Pki.Client("CN=plain-user")),
            var f when f.Contains("anonymous", StringComparison.Ordinal) => cluster.Client(null),
            _ => cluster.Admin,
        };
        using var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        var found = new List<string>();
        var name = Path.GetFileNameWithoutExtension(golden.File);
        if ((int)response.StatusCode != golden.Code)
        {
            found.Add($"{name}: {(int)response.StatusCode}, recorded {golden.Code}: {text}");
        }
        else if (golden.Json is { } recorded && (string?)recorded["kind"] == "Status")
        {
            var given = JsonNode.Parse(text);
            if (!JsonNode.DeepEquals(given, recorded))
            {
                found.Add($"{name}:\n  given    {given!.ToJsonString()}\n  recorded {recorded.ToJsonString()}");
            }
        }
        else if (golden.Json is null && text != golden.Answer.TrimEnd('\n') + "\n")
        {
            found.Add($"{name}: {text}");
        }
        else if (golden.Json is { } made)
        {
            found.AddRange(Differences(name, Stable(JsonNode.Parse(text)!), Stable(made)));
        }

        var warnings = response.Headers.TryGetValues("Warning", out var values) ? values.ToList() : [];
        if (!warnings.SequenceEqual(golden.Warnings))
        {
            found.Add($"{name}: warnings {string.Join(" | ", warnings)}, recorded {string.Join(" | ", golden.Warnings)}");
        }

        return found;
    }

    private static IEnumerable<string> Differences(string name, JsonNode given, JsonNode recorded) =>
        JsonNode.DeepEquals(given, recorded) ? [] : [$"{name}:\n  given    {given.ToJsonString()}\n  recorded {recorded.ToJsonString()}"];

    // What is different in every run: uid, versions, times, random names and addresses.
    private static JsonNode Stable(JsonNode document)
    {
        var text = document.DeepClone();
        if (text["metadata"] is JsonObject metadata)
        {
            foreach (var field in new[] { "uid", "resourceVersion", "creationTimestamp" })
            {
                metadata.Remove(field);
            }

            foreach (var entry in metadata["managedFields"]?.AsArray() ?? [])
            {
                entry!.AsObject().Remove("time");
            }

            // Entries of the same second stand by manager; the recording had seconds between them.
            if (metadata["managedFields"] is JsonArray entries)
            {
                metadata["managedFields"] = new JsonArray([.. entries.OrderBy(e => (string?)e!["manager"], StringComparer.Ordinal).Select(e => e!.DeepClone())]);
            }

            if (metadata["generateName"] is not null)
            {
                metadata.Remove("name");
            }
        }

        if (text["spec"] is JsonObject spec && (string?)text["kind"] == "Service")
        {
            if ((string?)spec["clusterIP"] is { } ip && ip != "172.30.200.200" && ip != "None")
            {
                spec.Remove("clusterIP");
                spec.Remove("clusterIPs");
            }

            foreach (var port in spec["ports"]?.AsArray() ?? [])
            {
                if ((int?)port!["nodePort"] is { } number && number != 30111)
                {
                    port.AsObject().Remove("nodePort");
                }
            }
        }

        return text["spec"]?["volumes"] is JsonArray ? JsonNode.Parse(System.Text.RegularExpressions.Regex.Replace(text.ToJsonString(), "kube-api-access-[a-z0-9]{5}", "kube-api-access"))! : text;
    }
}
