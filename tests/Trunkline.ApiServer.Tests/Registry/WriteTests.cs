using System.Text.Json.Nodes;
using Trunkline.ApiServer.Tests.Support;
using Xunit;

namespace Trunkline.ApiServer.Tests.Registry;

public sealed class WriteTests
{
    private const string Ns = "/api/v1/namespaces/default";

    [Fact]
    public async Task Node_ports_and_addresses_given_at_the_same_time_are_all_different()
    {
        await using var cluster = await TestCluster.StartAsync();
        var made = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => cluster.SendAsync("POST", Ns + "/services", Service($"s{i}"))));
        Assert.All(made, m => Assert.Equal(201, m.Code));
        Assert.Equal(40, made.Select(m => (string)m.Body["spec"]!["clusterIP"]!).Distinct().Count());
        Assert.Equal(40, made.Select(m => (int)m.Body["spec"]!["ports"]![0]!["nodePort"]!).Distinct().Count());
    }

    [Fact]
    public async Task Of_two_that_want_one_name_one_gets_it()
    {
        await using var cluster = await TestCluster.StartAsync();
        var codes = (await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => cluster.SendAsync("POST", Ns + "/configmaps", """{"metadata":{"name":"x"}}""")))).Select(r => r.Code);
        Assert.Equal(1, codes.Count(c => c == 201));
        Assert.Equal(9, codes.Count(c => c == 409));
    }

    [Fact]
    public async Task A_dry_run_shows_what_would_be_and_keeps_nothing()
    {
        await using var cluster = await TestCluster.StartAsync();
        var (code, shown) = await cluster.SendAsync("POST", Ns + "/services?dryRun=All", Service("dry"));
        Assert.Equal(201, code);
        Assert.NotNull(shown["metadata"]!["uid"]);
        Assert.Null(shown["metadata"]!["resourceVersion"]);
        Assert.Equal(404, (await cluster.SendAsync("GET", Ns + "/services/dry")).Code);
    }

    [Fact]
    public async Task A_strategic_patch_merges_ports_by_key_and_json_and_merge_patches_do_what_they_say()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.SendAsync("POST", Ns + "/services", """{"metadata":{"name":"s"},"spec":{"ports":[{"name":"a","port":1,"protocol":"SCTP"}]}}""");
        var (_, merged) = await cluster.SendAsync("PATCH", Ns + "/services/s", """{"spec":{"ports":[{"name":"b","port":2}]}}""", "application/strategic-merge-patch+json");
        Assert.Equal([1, 2], merged["spec"]!["ports"]!.AsArray().Select(p => (int)p!["port"]!).Order());
        var (_, deleted) = await cluster.SendAsync("PATCH", Ns + "/services/s", """{"spec":{"ports":[{"$patch":"delete","port":1}]}}""", "application/strategic-merge-patch+json");
        Assert.Equal([2], deleted["spec"]!["ports"]!.AsArray().Select(p => (int)p!["port"]!));
        var (_, labelled) = await cluster.SendAsync("PATCH", Ns + "/services/s", """[{"op":"add","path":"/metadata/labels","value":{"x/y":"1"}},{"op":"test","path":"/metadata/labels/x~1y","value":"1"}]""", "application/json-patch+json");
        Assert.Equal("1", (string?)labelled["metadata"]!["labels"]!["x/y"]);
        var (code, failed) = await cluster.SendAsync("PATCH", Ns + "/services/s", """[{"op":"test","path":"/metadata/name","value":"t"}]""", "application/json-patch+json");
        Assert.Equal(422, code);
        Assert.Equal("the server rejected our request due to an error in our request", (string?)failed["message"]);
        var (_, removed) = await cluster.SendAsync("PATCH", Ns + "/services/s", """{"metadata":{"labels":null}}""", "application/merge-patch+json");
        Assert.Null(removed["metadata"]!["labels"]);
    }

    [Fact]
    public async Task Apply_owns_what_it_names_and_takes_away_what_it_no_longer_names()
    {
        await using var cluster = await TestCluster.StartAsync();
        const string Type = "application/apply-patch+yaml";
        const string Path = Ns + "/configmaps/c?fieldManager=one";
        var (code, _) = await cluster.SendAsync("PATCH", Path, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: \"1\", b: \"2\"}", Type);
        Assert.Equal(201, code);
        var (conflict, words) = await cluster.SendAsync("PATCH", Ns + "/configmaps/c?fieldManager=two", "apiVersion: v1\nkind: ConfigMap\ndata: {a: \"9\"}", Type);
        Assert.Equal(409, conflict);
        Assert.Equal("Apply failed with 1 conflict: conflict with \"one\" using v1: .data.a", (string?)words["message"]);
        var (_, pruned) = await cluster.SendAsync("PATCH", Path, "apiVersion: v1\nkind: ConfigMap\ndata: {a: \"1\"}", Type);
        Assert.Equal("""{"a":"1"}""", pruned["data"]!.ToJsonString());
        var (forced, taken) = await cluster.SendAsync("PATCH", Ns + "/configmaps/c?fieldManager=two&force=true", "apiVersion: v1\nkind: ConfigMap\ndata: {a: \"9\"}", Type);
        Assert.Equal(200, forced);
        Assert.Equal("9", (string?)taken["data"]!["a"]);
        Assert.Equal(["two"], taken["metadata"]!["managedFields"]!.AsArray().Select(m => (string)m!["manager"]!));
    }

    [Fact]
    public async Task A_pod_on_a_node_ends_when_its_agent_says_so_and_a_finalizer_holds_what_is_deleted()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.SendAsync("POST", Ns + "/pods", """{"metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"i"}]}}""");
        var (bound, _) = await cluster.SendAsync("POST", Ns + "/pods/p/binding", """{"target":{"kind":"Node","name":"worker-0"}}""");
        Assert.Equal(201, bound);
        var (_, deleting) = await cluster.SendAsync("DELETE", Ns + "/pods/p");
        Assert.Equal(30, (int)deleting["metadata"]!["deletionGracePeriodSeconds"]!);
        Assert.Equal(200, (await cluster.SendAsync("GET", Ns + "/pods/p")).Code);
        await cluster.SendAsync("DELETE", Ns + "/pods/p", """{"kind":"DeleteOptions","apiVersion":"v1","gracePeriodSeconds":0}""");
        Assert.Equal(404, (await cluster.SendAsync("GET", Ns + "/pods/p")).Code);

        await cluster.SendAsync("POST", Ns + "/configmaps", """{"metadata":{"name":"held","finalizers":["example.com/hold"]}}""");
        await cluster.SendAsync("DELETE", Ns + "/configmaps/held");
        Assert.Equal(200, (await cluster.SendAsync("GET", Ns + "/configmaps/held")).Code);
        await cluster.SendAsync("PATCH", Ns + "/configmaps/held", """{"metadata":{"finalizers":null}}""", "application/merge-patch+json");
        Assert.Equal(404, (await cluster.SendAsync("GET", Ns + "/configmaps/held")).Code);
    }

    [Fact]
    public async Task An_eviction_obeys_the_budget()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.SendAsync("POST", Ns + "/pods", """{"metadata":{"name":"p","labels":{"app":"x"}},"spec":{"nodeName":"n","containers":[{"name":"c","image":"i"}]}}""");
        await cluster.SendAsync("PATCH", Ns + "/pods/p/status", """{"status":{"phase":"Running","conditions":[{"type":"Ready","status":"True"}]}}""", "application/merge-patch+json");
        const string Budgets = "/apis/policy/v1/namespaces/default/poddisruptionbudgets";
        await cluster.SendAsync("POST", Budgets, """{"metadata":{"name":"b"},"spec":{"minAvailable":1,"selector":{"matchLabels":{"app":"x"}}}}""");
        await cluster.SendAsync("PATCH", Budgets + "/b/status", """{"status":{"observedGeneration":1,"disruptionsAllowed":0,"currentHealthy":1,"desiredHealthy":1,"expectedPods":1}}""", "application/merge-patch+json");
        const string Eviction = """{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"p","namespace":"default"}}""";
        var (refused, why) = await cluster.SendAsync("POST", Ns + "/pods/p/eviction", Eviction);
        Assert.Equal(429, refused);
        Assert.Equal("Cannot evict pod as it would violate the pod's disruption budget.", (string?)why["message"]);
        Assert.Equal("The disruption budget b needs 1 healthy pods and has 1 currently", (string?)why["details"]!["causes"]![0]!["message"]);
        await cluster.SendAsync("PATCH", Budgets + "/b/status", """{"status":{"disruptionsAllowed":1}}""", "application/merge-patch+json");
        Assert.Equal(201, (await cluster.SendAsync("POST", Ns + "/pods/p/eviction", Eviction)).Code);
        var (_, budget) = await cluster.SendAsync("GET", Budgets + "/b");
        Assert.Equal(0, (int)(budget["status"]!["disruptionsAllowed"] ?? 0));
    }

    [Fact]
    public async Task A_list_in_pages_shows_one_moment()
    {
        await using var cluster = await TestCluster.StartAsync();
        for (var i = 0; i < 5; i++)
        {
            await cluster.SendAsync("POST", Ns + "/configmaps", new JsonObject { ["metadata"] = new JsonObject { ["name"] = $"c{i}" } }.ToJsonString());
        }

        var (_, first) = await cluster.SendAsync("GET", Ns + "/configmaps?limit=2");
        Assert.Equal(3, (int)first["metadata"]!["remainingItemCount"]!);
        await cluster.SendAsync("DELETE", Ns + "/configmaps/c4");
        var (_, rest) = await cluster.SendAsync("GET", $"{Ns}/configmaps?limit=9&continue={(string)first["metadata"]!["continue"]!}");
        Assert.Equal(["c2", "c3", "c4"], rest["items"]!.AsArray().Select(i => (string)i!["metadata"]!["name"]!));
    }

    private static string Service(string name) => new JsonObject
    {
        ["metadata"] = new JsonObject { ["name"] = name },
        ["spec"] = new JsonObject { ["type"] = "NodePort", ["ports"] = new JsonArray(new JsonObject { ["port"] = 80, ["protocol"] = "SCTP" }) },
    }.ToJsonString();
}
