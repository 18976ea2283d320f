using Trunkline.ApiServer.Tests.Support;
using Xunit;

namespace Trunkline.ApiServer.Tests.Watching;

public sealed class WatchTests
{
    private const string ConfigMaps = "/api/v1/namespaces/default/configmaps";

    [Fact]
    public async Task A_watch_with_a_selector_sees_objects_come_and_go_as_their_labels_change()
    {
        await using var cluster = await TestCluster.StartAsync();
        var watch = WatchLines.ReadAsync(cluster.Admin, ConfigMaps + "?watch=1&timeoutSeconds=2&labelSelector=a%3Db&allowWatchBookmarks=true");
        await cluster.SendAsync("POST", ConfigMaps, """{"metadata":{"name":"x"}}""");
        await PatchAsync(cluster, """{"metadata":{"labels":{"a":"b"}}}""");
        await PatchAsync(cluster, """{"data":{"k":"v"}}""");
        await PatchAsync(cluster, """{"metadata":{"labels":{"a":"c"}}}""");
        await PatchAsync(cluster, """{"data":{"k":"w"}}""");
        var lines = await watch;
        Assert.Equal(["ADDED", "MODIFIED", "DELETED", "BOOKMARK"], lines.Select(l => (string)l["type"]!));
        var (_, list) = await cluster.SendAsync("GET", ConfigMaps);
        Assert.Equal((string)list["metadata"]!["resourceVersion"]!, (string)lines[^1]["object"]!["metadata"]!["resourceVersion"]!);
    }

    [Fact]
    public async Task Initial_events_end_with_a_bookmark_that_says_so()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.SendAsync("POST", ConfigMaps, """{"metadata":{"name":"x"}}""");
        var lines = await WatchLines.ReadAsync(
            cluster.Admin, ConfigMaps + "?watch=1&timeoutSeconds=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true");
        Assert.Equal(["ADDED", "BOOKMARK", "BOOKMARK"], lines.Select(l => (string)l["type"]!));
        Assert.Equal("true", (string?)lines[1]["object"]!["metadata"]!["annotations"]!["k8s.io/initial-events-end"]);
    }

    [Fact]
    public async Task Hundreds_of_writers_and_a_watcher_agree_on_one_order()
    {
        await using var cluster = await TestCluster.StartAsync();
        var (_, start) = await cluster.SendAsync("GET", ConfigMaps);
        var watch = WatchLines.ReadAsync(cluster.Admin, $"{ConfigMaps}?watch=1&timeoutSeconds=4&resourceVersion={(string)start["metadata"]!["resourceVersion"]!}");
        await cluster.SendAsync("POST", ConfigMaps, """{"metadata":{"name":"x"},"data":{"n":"0"}}""");
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Increment(cluster)));
        var lines = await watch;
        var versions = lines.Select(l => long.Parse((string)l["object"]!["metadata"]!["resourceVersion"]!, System.Globalization.CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(versions.Order(), versions);
        Assert.Equal(Enumerable.Range(0, 21).Select(n => n.ToString(System.Globalization.CultureInfo.InvariantCulture)), lines.Select(l => (string)l["object"]!["data"]!["n"]!));
    }

    // Reads, adds one, writes back; starts over when somebody else was faster.
    private static async Task Increment(TestCluster cluster)
    {
        while (true)
        {
            var (_, current) = await cluster.SendAsync("GET", ConfigMaps + "/x");
            current["data"]!["n"] = (int.Parse((string)current["data"]!["n"]!, System.Globalization.CultureInfo.InvariantCulture) + 1).ToString(System.Globalization.CultureInfo.InvariantCulture);
            var (code, answer) = await cluster.SendAsync("PUT", ConfigMaps + "/x", current.ToJsonString());
            if (code == 200)
            {
                return;
            }

            Assert.Equal(409, code);
            Assert.Equal(
                "Operation cannot be fulfilled on configmaps \"x\": the object has been modified; please apply your changes to the latest version and try again",
                (string)answer["message"]!);
        }
    }

    private static async Task PatchAsync(TestCluster cluster, string patch)
    {
        var (code, _) = await cluster.SendAsync("PATCH", ConfigMaps + "/x", patch, "application/merge-patch+json");
        Assert.Equal(200, code);
    }
}
