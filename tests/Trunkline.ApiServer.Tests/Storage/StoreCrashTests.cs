using System.Text.Json.Nodes;
using Trunkline.ApiServer.Storage;
using Trunkline.ApiServer.Tests.Support;
using Xunit;

namespace Trunkline.ApiServer.Tests.Storage;

/// <summary>What was acknowledged is on disk: a copy of the files taken at any moment, as a killed process leaves them, has it all.</summary>
public sealed class StoreCrashTests
{
    [Fact]
    public async Task Everything_acknowledged_is_in_the_files_that_a_killed_process_leaves()
    {
        await using var cluster = await TestCluster.StartAsync();
        var versions = new Dictionary<string, string>();
        for (var i = 0; i < 40; i++)
        {
            var (code, made) = await cluster.SendAsync("POST", "/api/v1/namespaces/default/configmaps", ConfigMap($"cm-{i}", "v"));
            Assert.Equal(201, code);
            versions[$"cm-{i}"] = (string)made["metadata"]!["resourceVersion"]!;
        }

        await cluster.SendAsync("DELETE", "/api/v1/namespaces/default/configmaps/cm-7");
        versions.Remove("cm-7");
        var copy = Directory.CreateTempSubdirectory("trunkline-crash-").FullName;
        foreach (var file in Directory.GetFiles(cluster.Directory, "apiserver.db*"))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        await using var store = ObjectStore.Open(Path.Combine(copy, "apiserver.db"));
        var found = store.State.List("configmaps", "default").ToDictionary(o => o.Key.Name, o => o.Revision.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(versions.OrderBy(p => p.Key), found.OrderBy(p => p.Key));
        Assert.True(store.State.Revision >= versions.Values.Max(v => long.Parse(v, System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task A_watch_goes_on_after_a_restart_where_it_stopped()
    {
        await using var cluster = await TestCluster.StartAsync();
        var (_, first) = await cluster.SendAsync("POST", "/api/v1/namespaces/default/configmaps", ConfigMap("a", "1"));
        await cluster.SendAsync("POST", "/api/v1/namespaces/default/configmaps", ConfigMap("b", "1"));
        await cluster.SendAsync("DELETE", "/api/v1/namespaces/default/configmaps/a");
        await cluster.RestartAsync();
        var lines = await WatchLines.ReadAsync(
            cluster.Admin, $"/api/v1/namespaces/default/configmaps?watch=1&timeoutSeconds=1&resourceVersion={(string)first["metadata"]!["resourceVersion"]!}");
        Assert.Equal(["ADDED b", "DELETED a"], lines.Select(l => $"{(string)l["type"]!} {(string)l["object"]!["metadata"]!["name"]!}"));
    }

    [Fact]
    public async Task A_refused_operation_leaves_nothing_behind_and_spoils_no_neighbour()
    {
        var directory = Directory.CreateTempSubdirectory("trunkline-store-").FullName;
        await using var store = ObjectStore.Open(Path.Combine(directory, "db"));
        var good = store.WriteAsync(s => s.Put(new ObjectKey("configmaps", "n", "good"), Document("good")).Revision);
        var bad = store.WriteAsync<long>(s =>
        {
            s.Put(new ObjectKey("configmaps", "n", "bad"), Document("bad"));
            throw new InvalidOperationException("refused");
        });
        var later = store.WriteAsync(s => s.Put(new ObjectKey("configmaps", "n", "later"), Document("later")).Revision);
        await Assert.ThrowsAsync<InvalidOperationException>(() => bad);
        Assert.Equal(1, await good);
        Assert.Equal(2, await later);
        Assert.Equal(["good", "later"], store.State.List("configmaps", null).Select(o => o.Key.Name));
    }

    [Fact]
    public void A_watcher_that_is_too_far_behind_is_told_so()
    {
        var log = new ChangeLog(2);
        log.Start(0, [], 0);
        for (var i = 1; i <= 5; i++)
        {
            var state = StoredObject.Create(new ObjectKey("configmaps", "n", "x"), i, Document("x"));
            log.Append([new Change(i, ChangeType.Modified, state, null)], i);
        }

        Assert.Null(log.After(0));
        Assert.Equal([4, 5], log.After(3)!.Changes.Select(c => c.Revision));
        Assert.Empty(log.After(5)!.Changes);
    }

    private static JsonObject Document(string name) => new() { ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "n" } };

    private static string ConfigMap(string name, string value) =>
        new JsonObject { ["metadata"] = new JsonObject { ["name"] = name }, ["data"] = new JsonObject { ["k"] = value } }.ToJsonString();
}
