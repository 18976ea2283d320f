using System.Text.Json.Nodes;
using Trunkline.ApiServer.Tests.Support;
using Xunit;

namespace Trunkline.ApiServer.Tests.Requests;

/// <summary>What a new Pod needs, and what it is given.</summary>
public sealed class PodAdmissionTests
{
    private const string Pods = "/api/v1/namespaces/default/pods";

    [Theory]
    [InlineData("""{"serviceAccountName":"nosuch"}""", "pods \"p\" is forbidden: error looking up service account default/nosuch: serviceaccount \"nosuch\" not found")]
    [InlineData("""{"priority":5}""", "pods \"p\" is forbidden: the integer value of priority (5) must not be provided in pod spec; priority admission controller computed 0 from the given PriorityClass name")]
    [InlineData("""{"priorityClassName":"nosuch"}""", "pods \"p\" is forbidden: no PriorityClass with name nosuch was found")]
    [InlineData("""{"runtimeClassName":"nosuch"}""", "pods \"p\" is forbidden: pod rejected: RuntimeClass \"nosuch\" not found")]
    public async Task A_pod_that_names_what_is_not_there_is_refused(string spec, string message)
    {
        await using var cluster = await TestCluster.StartAsync();
        var (code, answer) = await cluster.SendAsync("POST", Pods, Pod(spec));
        Assert.Equal((403, "Forbidden", message), (code, (string?)answer["reason"], (string?)answer["message"]));
    }

    [Fact]
    public async Task A_pod_waits_a_moment_for_its_namespaces_account_and_is_refused_where_it_never_comes()
    {
        await using var cluster = await TestCluster.StartAsync(accounts: false);
        var (refused, answer) = await cluster.SendAsync("POST", Pods, Pod("{}"));
        Assert.Equal((403, "pods \"p\" is forbidden: error looking up service account default/default: serviceaccount \"default\" not found"), (refused, (string?)answer["message"]));
        var waiting = cluster.SendAsync("POST", Pods, Pod("{}"));
        await cluster.SendAsync("POST", "/api/v1/namespaces/default/serviceaccounts", """{"metadata":{"name":"default"}}""");
        Assert.Equal(201, (await waiting).Code);
    }

    [Fact]
    public async Task The_token_is_mounted_unless_the_pod_or_its_account_says_otherwise()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.SendAsync("POST", "/api/v1/namespaces/default/serviceaccounts", """{"metadata":{"name":"quiet"},"automountServiceAccountToken":false,"imagePullSecrets":[{"name":"s"}]}""");
        async Task<JsonNode> Spec(string spec)
        {
            var (code, made) = await cluster.SendAsync("POST", Pods + "?dryRun=All", Pod(spec));
            Assert.Equal(201, code);
            return made["spec"]!;
        }

        Assert.Single((await Spec("{}"))["volumes"]!.AsArray());
        Assert.Null((await Spec("""{"automountServiceAccountToken":false}"""))["volumes"]);
        var quiet = await Spec("""{"serviceAccountName":"quiet"}""");
        Assert.Null(quiet["volumes"]);
        Assert.Equal("s", (string?)quiet["imagePullSecrets"]![0]!["name"]);
        Assert.Single((await Spec("""{"serviceAccountName":"quiet","automountServiceAccountToken":true}"""))["volumes"]!.AsArray());
    }

    [Fact]
    public async Task Affinity_spread_and_gates_are_validated()
    {
        await using var cluster = await TestCluster.StartAsync();
        async Task<string> Words(string spec) => (string?)(await cluster.SendAsync("POST", Pods + "?dryRun=All", Pod(spec))).Body["message"] ?? "";
        const string Required = "requiredDuringSchedulingIgnoredDuringExecution";
        Assert.Equal(
            $"Pod \"p\" is invalid: spec.affinity.nodeAffinity.{Required}.nodeSelectorTerms: Required value: must have at least one node selector term",
            await Words("""{"affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[]}}}}"""));
        Assert.Equal(
            $"Pod \"p\" is invalid: spec.affinity.nodeAffinity.{Required}.nodeSelectorTerms[0].matchExpressions[0].operator: Invalid value: \"Foo\": not a valid selector operator",
            await Words("""{"affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"k","operator":"Foo"}]}]}}}}"""));
        Assert.StartsWith(
            $"Pod \"p\" is invalid: [spec.affinity.podAntiAffinity.{Required}[0].topologyKey: Required value: can not be empty, ",
            await Words("""{"affinity":{"podAntiAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[{"topologyKey":""}]}}}"""), StringComparison.Ordinal);
        Assert.Equal(
            "Pod \"p\" is invalid: [spec.topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than zero, " +
            "spec.topologySpreadConstraints[0].whenUnsatisfiable: Unsupported value: \"Foo\": supported values: \"DoNotSchedule\", \"ScheduleAnyway\"]",
            await Words("""{"topologySpreadConstraints":[{"maxSkew":0,"topologyKey":"k","whenUnsatisfiable":"Foo"}]}"""));
        Assert.Equal("Pod \"p\" is invalid: spec.ephemeralContainers: Forbidden: cannot be set on create", await Words("""{"ephemeralContainers":[{"name":"e","image":"i"}]}"""));
        Assert.Equal(
            "Pod \"p\" is invalid: spec.nodeName: Forbidden: cannot be set until all schedulingGates have been cleared", await Words("""{"nodeName":"n","schedulingGates":[{"name":"a"}]}"""));
        Assert.Equal("Pod \"p\" is invalid: spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None", await Words("""{"dnsPolicy":"None"}"""));
    }

    private static string Pod(string spec)
    {
        var wanted = JsonNode.Parse(spec)!.AsObject();
        wanted["containers"] = JsonNode.Parse("""[{"name":"c","image":"i"}]""");
        return new JsonObject { ["metadata"] = new JsonObject { ["name"] = "p" }, ["spec"] = wanted }.ToJsonString();
    }
}
