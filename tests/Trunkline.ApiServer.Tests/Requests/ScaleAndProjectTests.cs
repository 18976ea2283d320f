using System.Text.Json.Nodes;
using Trunkline.ApiServer.Tests.Support;
using Xunit;

namespace Trunkline.ApiServer.Tests.Requests;

/// <summary>Objects seen through another kind: replicas as a Scale, namespaces as Projects.</summary>
public sealed class ScaleAndProjectTests
{
    private const string Deployment = "/apis/apps/v1/namespaces/default/deployments/d";
    private const string Projects = "/apis/project.openshift.io/v1/projects";
    private const string Merge = "application/merge-patch+json";

    [Fact]
    public async Task A_workload_is_scaled_by_patch_and_by_update()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.SendAsync(
            "POST",
            "/apis/apps/v1/namespaces/default/deployments",
            """{"metadata":{"name":"d"},"spec":{"replicas":2,"selector":{"matchLabels":{"app":"d"}},"template":{"metadata":{"labels":{"app":"d"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}""");
        var (_, scale) = await cluster.SendAsync("GET", Deployment + "/scale");
        Assert.Equal(("Scale", "autoscaling/v1", 2, "app=d"), ((string?)scale["kind"], (string?)scale["apiVersion"], (int)scale["spec"]!["replicas"]!, (string?)scale["status"]!["selector"]));
        var (_, patched) = await cluster.SendAsync("PATCH", Deployment + "/scale", """{"spec":{"replicas":3}}""", Merge);
        Assert.Equal(3, (int)patched["spec"]!["replicas"]!);
        var (_, after) = await cluster.SendAsync("GET", Deployment);
        Assert.Equal((3, 2), ((int)after["spec"]!["replicas"]!, (int)after["metadata"]!["generation"]!));
        Assert.Contains(after["metadata"]!["managedFields"]!.AsArray(), e => (string?)e!["subresource"] == "scale");
        var (conflict, _) = await cluster.SendAsync("PUT", Deployment + "/scale", scale.ToJsonString());
        Assert.Equal(409, conflict);
        var (code, refused) = await cluster.SendAsync("PATCH", Deployment + "/scale", """{"spec":{"replicas":-1}}""", Merge);
        Assert.Equal((422, "Scale.autoscaling \"d\" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0"), (code, (string?)refused["message"]));
    }

    [Fact]
    public async Task A_project_is_described_by_its_users_and_watched_and_everything_else_is_the_namespaces()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.SendAsync("POST", "/apis/project.openshift.io/v1/projectrequests", """{"metadata":{"name":"mine"}}""");
        var (code, patched) = await cluster.SendAsync("PATCH", Projects + "/mine", """{"metadata":{"annotations":{"openshift.io/display-name":"Mine"}}}""", Merge);
        Assert.Equal((200, "Project", "Mine"), (code, (string?)patched["kind"], (string?)patched["metadata"]!["annotations"]!["openshift.io/display-name"]));
        var (_, ns) = await cluster.SendAsync("GET", "/api/v1/namespaces/mine");
        Assert.Equal("Mine", (string?)ns["metadata"]!["annotations"]!["openshift.io/display-name"]);
        var (refused, why) = await cluster.SendAsync("PATCH", Projects + "/mine", """{"metadata":{"labels":{"a":"b"}}}""", Merge);
        Assert.Equal((422, "Project.project.openshift.io \"mine\" is invalid: metadata.labels[a]: Invalid value: \"b\": field is immutable, try updating the namespace"), (refused, (string?)why["message"]));

        patched["metadata"]!["annotations"]!["openshift.io/description"] = "For tests";
        Assert.Equal(200, (await cluster.SendAsync("PUT", Projects + "/mine", patched.ToJsonString())).Code);
        var seen = await WatchLines.ReadAsync(cluster.Admin, Projects + "?watch=1&timeoutSeconds=1&fieldSelector=metadata.name=mine");
        var line = Assert.Single(seen);
        Assert.Equal(("ADDED", "Project", "For tests"), ((string?)line["type"], (string?)line["object"]!["kind"], (string?)line["object"]!["metadata"]!["annotations"]!["openshift.io/description"]));
    }

    [Fact]
    public async Task What_discovery_offers_is_served()
    {
        await using var cluster = await TestCluster.StartAsync();
        var (_, list) = await cluster.SendAsync("GET", "/apis/project.openshift.io/v1");
        var verbs = list["resources"]!.AsArray().Single(r => (string?)r!["name"] == "projects")!["verbs"]!.AsArray().Select(v => (string)v!);
        Assert.Equal(["create", "delete", "get", "list", "patch", "update", "watch"], verbs.Order());
        var (_, apps) = await cluster.SendAsync("GET", "/apis/apps/v1");
        var scale = apps["resources"]!.AsArray().Single(r => (string?)r!["name"] == "deployments/scale")!;
        Assert.Equal(("autoscaling", "v1", "Scale"), ((string?)scale["group"], (string?)scale["version"], (string?)scale["kind"]));
    }

    [Fact]
    public async Task A_deletion_reads_its_options_from_the_body_alone_where_there_is_one()
    {
        await using var cluster = await TestCluster.StartAsync();
        const string Map = "/api/v1/namespaces/default/configmaps";
        await cluster.SendAsync("POST", Map, """{"metadata":{"name":"m"}}""");
        await cluster.SendAsync("DELETE", Map + "/m", """{"dryRun":["All"]}""");
        Assert.Equal(200, (await cluster.SendAsync("GET", Map + "/m")).Code);
        await cluster.SendAsync("DELETE", Map + "/m?dryRun=All", """{"propagationPolicy":"Background"}""");
        Assert.Equal(404, (await cluster.SendAsync("GET", Map + "/m")).Code);
    }

    [Fact]
    public async Task Pages_come_from_one_moment_and_count_what_is_left()
    {
        await using var cluster = await TestCluster.StartAsync();
        const string Map = "/api/v1/namespaces/default/configmaps";
        foreach (var i in Enumerable.Range(0, 5))
        {
            await cluster.SendAsync("POST", Map, new JsonObject { ["metadata"] = new JsonObject { ["name"] = $"m{i}" } }.ToJsonString());
        }

        var (_, first) = await cluster.SendAsync("GET", Map + "?limit=2");
        await cluster.SendAsync("DELETE", Map + "/m3");
        var (_, second) = await cluster.SendAsync("GET", $"{Map}?limit=2&continue={(string?)first["metadata"]!["continue"]}");
        static IEnumerable<string> Names(JsonObject list) => list["items"]!.AsArray().Select(i => (string)i!["metadata"]!["name"]!);
        Assert.Equal((3, 1), ((int)first["metadata"]!["remainingItemCount"]!, (int)second["metadata"]!["remainingItemCount"]!));
        Assert.Equal(["m0", "m1", "m2", "m3"], Names(first).Concat(Names(second)));
        Assert.Equal((string?)first["metadata"]!["resourceVersion"], (string?)second["metadata"]!["resourceVersion"]);
    }
}
