using System.Text.Json.Nodes;
using Trunkline.ApiServer.Tests.Support;
using Xunit;

namespace Trunkline.ApiServer.Tests.Services;

/// <summary>Load balancers, node ports and affinity: what is given, what is refused and in which words.</summary>
public sealed class BalancerTests
{
    private const string Path = "/api/v1/namespaces/default/services";
    private const string Merge = "application/merge-patch+json";
    private const string Ranges = "must be a list of IP ranges. For example, 10.240.0.0/24,10.250.0.0/24 ";

    [Theory]
    [InlineData("""{"type":"LoadBalancer","loadBalancerSourceRanges":["10.0.0.0/24","fd00::/33x"],"ports":[{"port":1}]}""", "spec.LoadBalancerSourceRanges: Invalid value: \"[10.0.0.0/24 fd00::/33x]\": " + Ranges)]
    [InlineData("""{"loadBalancerSourceRanges":["10.0.0.0/24"],"ports":[{"port":1}]}""", "spec.LoadBalancerSourceRanges: Forbidden: may only be used when `type` is 'LoadBalancer'")]
    [InlineData("""{"loadBalancerClass":"a/b","ports":[{"port":1}]}""", "spec.loadBalancerClass: Forbidden: may only be used when `type` is 'LoadBalancer'")]
    [InlineData("""{"allocateLoadBalancerNodePorts":true,"ports":[{"port":1}]}""", "spec.allocateLoadBalancerNodePorts: Forbidden: may only be used when `type` is 'LoadBalancer'")]
    [InlineData("""{"type":"LoadBalancer","clusterIP":"None","ports":[{"port":1}]}""", "spec.clusterIPs[0]: Invalid value: \"None\": may not be set to 'None' for LoadBalancer services")]
    [InlineData("""{"type":"LoadBalancer","healthCheckNodePort":32000,"ports":[{"port":1}]}""", "spec.healthCheckNodePort: Invalid value: 32000: may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'")]
    [InlineData("""{"sessionAffinity":"ClientIP","sessionAffinityConfig":{"clientIP":{"timeoutSeconds":86401}},"ports":[{"port":1}]}""", "spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 86401: must be greater than 0 and less than 86400")]
    [InlineData("""{"internalTrafficPolicy":"Near","ports":[{"port":1}]}""", "spec.internalTrafficPolicy: Unsupported value: \"Near\": supported values: \"Cluster\", \"Local\"")]
    [InlineData("""{"externalIPs":["127.0.0.1"],"ports":[{"port":1}]}""", "spec.externalIPs[0]: Invalid value: \"127.0.0.1\": may not be in the loopback range (127.0.0.0/8, ::1/128)")]
    [InlineData("""{"type":"NodePort","ports":[{"name":"a","port":1,"nodePort":30001},{"name":"b","port":2,"protocol":"SCTP","nodePort":30001}]}""", "spec.ports[1].nodePort: Invalid value: 30001: provided port is already allocated")]
    public async Task What_a_Service_may_not_say(string spec, string words)
    {
        await using var cluster = await TestCluster.StartAsync();
        var (code, answer) = await CreateAsync(cluster, "a", spec);
        Assert.Equal((422, $"Service \"a\" is invalid: {words}"), (code, (string?)answer["message"]));
    }

    [Fact]
    public async Task A_port_number_of_several_protocols_has_one_node_port_and_nobody_else_gets_it()
    {
        await using var cluster = await TestCluster.StartAsync();
        var (_, made) = await CreateAsync(cluster, "a", """{"type":"NodePort","ports":[{"name":"t","port":53},{"name":"u","port":53,"protocol":"UDP"},{"name":"s","port":54,"protocol":"SCTP"}]}""");
        var ports = made["spec"]!["ports"]!.AsArray().Select(p => (int)p!["nodePort"]!).ToList();
        Assert.Equal(ports[0], ports[1]);
        Assert.NotEqual(ports[0], ports[2]);
        var (code, answer) = await CreateAsync(cluster, "b", $$"""{"type":"NodePort","ports":[{"port":1,"protocol":"SCTP","nodePort":{{ports[0]}}}]}""");
        Assert.Equal((422, $"Service \"b\" is invalid: spec.ports[0].nodePort: Invalid value: {ports[0]}: provided port is already allocated"), (code, (string?)answer["message"]));

        // By name: all else of the port may change and it keeps its node port.
        var put = made.DeepClone();
        put["spec"]!["ports"] = JsonNode.Parse("""[{"name":"s","port":55,"protocol":"SCTP"}]""");
        Assert.Equal(ports[2], (int)(await cluster.SendAsync("PUT", Path + "/a", put.ToJsonString())).Body["spec"]!["ports"]![0]!["nodePort"]!);
    }

    [Fact]
    public async Task A_health_check_port_comes_with_Local_stays_and_goes_with_it()
    {
        await using var cluster = await TestCluster.StartAsync();
        var (_, made) = await CreateAsync(cluster, "a", """{"type":"LoadBalancer","ports":[{"port":1}]}""");
        Assert.Equal((true, "Cluster", null), ((bool)made["spec"]!["allocateLoadBalancerNodePorts"]!, (string?)made["spec"]!["externalTrafficPolicy"], made["spec"]!["healthCheckNodePort"]));
        var local = await PatchAsync(cluster, "a", """{"spec":{"externalTrafficPolicy":"Local"}}""");
        var port = (int)local["spec"]!["healthCheckNodePort"]!;
        Assert.InRange(port, 30000, 32767);
        Assert.Equal($"Service \"a\" is invalid: spec.healthCheckNodePort: Invalid value: {port - 1}: field is immutable",
            (string?)(await PatchAsync(cluster, "a", $$$"""{"spec":{"healthCheckNodePort":{{{port - 1}}}}}"""))["message"]);
        Assert.Equal(port, (int)(await PatchAsync(cluster, "a", """{"spec":{"healthCheckNodePort":null}}"""))["spec"]!["healthCheckNodePort"]!);
        var (code, clash) = await CreateAsync(cluster, "b", $$"""{"type":"LoadBalancer","externalTrafficPolicy":"Local","healthCheckNodePort":{{port}},"ports":[{"port":1}]}""");
        Assert.Equal((500, $"Internal error occurred: failed to allocate requested HealthCheck NodePort {port}: provided port is already allocated"), (code, (string?)clash["message"]));
        Assert.Null((await PatchAsync(cluster, "a", """{"spec":{"externalTrafficPolicy":"Cluster"}}"""))["spec"]!["healthCheckNodePort"]);
    }

    [Fact]
    public async Task A_port_that_a_Service_has_itself_is_taken_too_and_one_that_it_gives_back_is_free()
    {
        await using var cluster = await TestCluster.StartAsync();
        await CreateAsync(cluster, "a", """{"type":"LoadBalancer","ports":[{"port":1,"nodePort":30080}]}""");
        Assert.Equal("Internal error occurred: failed to allocate requested HealthCheck NodePort 30080: provided port is already allocated",
            (string?)(await PatchAsync(cluster, "a", """{"spec":{"externalTrafficPolicy":"Local","healthCheckNodePort":30080}}"""))["message"]);
        var local = await PatchAsync(cluster, "a", """{"spec":{"externalTrafficPolicy":"Local","healthCheckNodePort":30081}}""");
        Assert.Equal(30081, (int)local["spec"]!["healthCheckNodePort"]!);
        Assert.Equal("Service \"a\" is invalid: spec.ports[1].nodePort: Invalid value: 30081: provided port is already allocated",
            (string?)(await PatchAsync(cluster, "a", """{"spec":{"ports":[{"name":"a","port":1,"nodePort":30080},{"name":"b","port":2,"nodePort":30081}]}}"""))["message"]);

        await PatchAsync(cluster, "a", """{"spec":{"type":"ClusterIP"}}""");
        Assert.Equal(201, (await CreateAsync(cluster, "b", """{"type":"NodePort","ports":[{"name":"a","port":1,"nodePort":30080},{"name":"b","port":2,"nodePort":30081}]}""")).Code);
        Assert.Equal(200, (await cluster.SendAsync("DELETE", Path + "/b")).Code);
        Assert.Equal(201, (await CreateAsync(cluster, "c", """{"type":"NodePort","ports":[{"port":1,"nodePort":30081}]}""")).Code);
    }

    [Fact]
    public async Task What_Services_hold_is_known_again_after_a_restart_and_a_refused_write_or_a_dry_run_holds_nothing()
    {
        await using var cluster = await TestCluster.StartAsync();
        var (_, made) = await CreateAsync(cluster, "a", """{"type":"NodePort","ports":[{"port":1,"nodePort":30090}]}""");
        Assert.Equal(201, (await cluster.SendAsync("POST", Path + "?dryRun=All", """{"apiVersion":"v1","kind":"Service","metadata":{"name":"dry"},"spec":{"type":"NodePort","ports":[{"port":1,"nodePort":30091}]}}""")).Code);
        Assert.Equal(422, (await CreateAsync(cluster, "no", """{"type":"NodePort","ports":[{"name":"a","port":1,"nodePort":30092},{"name":"b","port":2,"nodePort":30090}]}""")).Code);
        await cluster.RestartAsync();
        Assert.Equal(422, (await CreateAsync(cluster, "b", """{"type":"NodePort","ports":[{"port":1,"nodePort":30090}]}""")).Code);
        Assert.Equal(422, (await CreateAsync(cluster, "b", $$"""{"clusterIP":"{{made["spec"]!["clusterIP"]}}","ports":[{"port":1}]}""")).Code);
        Assert.Equal(201, (await CreateAsync(cluster, "c", """{"type":"NodePort","ports":[{"name":"a","port":1,"nodePort":30091},{"name":"b","port":2,"nodePort":30092}]}""")).Code);
    }

    [Fact]
    public async Task A_balancer_without_node_ports_has_only_those_asked_for()
    {
        await using var cluster = await TestCluster.StartAsync();
        var (_, made) = await CreateAsync(cluster, "a", """{"type":"LoadBalancer","allocateLoadBalancerNodePorts":false,"ports":[{"name":"a","port":1},{"name":"b","port":2,"nodePort":30222}]}""");
        Assert.Equal((null, 30222), (made["spec"]!["ports"]![0]!["nodePort"], (int)made["spec"]!["ports"]![1]!["nodePort"]!));
        var given = await PatchAsync(cluster, "a", """{"spec":{"allocateLoadBalancerNodePorts":true}}""");
        Assert.InRange((int)given["spec"]!["ports"]![0]!["nodePort"]!, 30000, 32767);
    }

    [Fact]
    public async Task The_class_is_fixed_while_it_is_a_balancer_and_goes_with_the_type()
    {
        await using var cluster = await TestCluster.StartAsync();
        await CreateAsync(cluster, "a", """{"type":"LoadBalancer","loadBalancerClass":"example.com/x","ports":[{"port":1}]}""");
        Assert.Equal("Service \"a\" is invalid: spec.loadBalancerClass: Invalid value: \"example.com/y\": may not change once set",
            (string?)(await PatchAsync(cluster, "a", """{"spec":{"loadBalancerClass":"example.com/y"}}"""))["message"]);
        var plain = (await PatchAsync(cluster, "a", """{"spec":{"type":"ClusterIP"}}"""))["spec"]!;
        Assert.Equal((null, null, null), (plain["loadBalancerClass"], plain["allocateLoadBalancerNodePorts"], plain["ports"]![0]!["nodePort"]));
    }

    [Fact]
    public async Task Only_a_balancers_status_has_ingress_and_its_mode_is_VIP()
    {
        await using var cluster = await TestCluster.StartAsync();
        await CreateAsync(cluster, "a", """{"type":"LoadBalancer","ports":[{"port":1}]}""");
        await CreateAsync(cluster, "b", """{"ports":[{"port":1}]}""");
        var ingress = """{"status":{"loadBalancer":{"ingress":[{"ip":"192.168.126.224"},{"ip":"fd00:126::e0"}]}}}""";
        Assert.Equal("""{"ip":"192.168.126.224","ipMode":"VIP"}""", (await StatusAsync(cluster, "a", ingress))["status"]!["loadBalancer"]!["ingress"]![0]!.ToJsonString());
        Assert.Equal("Service \"b\" is invalid: status.loadBalancer.ingress: Forbidden: may only be used when `spec.type` is 'LoadBalancer'", (string?)(await StatusAsync(cluster, "b", ingress))["message"]);
        Assert.Equal("Service \"a\" is invalid: status.loadBalancer.ingress[0].ip: Invalid value: \"1.2.3\": must be a valid IP address",
            (string?)(await StatusAsync(cluster, "a", """{"status":{"loadBalancer":{"ingress":[{"ip":"1.2.3"}]}}}"""))["message"]);
        Assert.Equal("Service \"a\" is invalid: status.loadBalancer.ingress[0].ipMode: Unsupported value: \"vip\": supported values: \"Proxy\", \"VIP\"",
            (string?)(await StatusAsync(cluster, "a", """{"status":{"loadBalancer":{"ingress":[{"ip":"1.2.3.4","ipMode":"vip"}]}}}"""))["message"]);

        // The object itself keeps its status whatever a writer of its spec says.
        Assert.NotNull((await PatchAsync(cluster, "a", """{"status":null,"spec":{"sessionAffinity":"ClientIP"}}"""))["status"]!["loadBalancer"]!["ingress"]);
        var kept = (await cluster.SendAsync("GET", Path + "/a")).Body["spec"]!;
        Assert.Equal(10800, (int)kept["sessionAffinityConfig"]!["clientIP"]!["timeoutSeconds"]!);
    }

    private static async Task<(int Code, JsonObject Body)> CreateAsync(TestCluster cluster, string name, string spec) =>
        await cluster.SendAsync("POST", Path, $$"""{"metadata":{"name":"{{name}}"},"spec":{{spec}}}""");

    private static async Task<JsonObject> PatchAsync(TestCluster cluster, string name, string patch) => (await cluster.SendAsync("PATCH", $"{Path}/{name}", patch, Merge)).Body;

    private static async Task<JsonObject> StatusAsync(TestCluster cluster, string name, string patch) => (await cluster.SendAsync("PATCH", $"{Path}/{name}/status", patch, Merge)).Body;
}
