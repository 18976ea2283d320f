using System.Net;
using System.Text.Json.Nodes;
using Trunkline.ApiServer.Tests.Support;
using Xunit;

namespace Trunkline.ApiServer.Tests.Services;

/// <summary>Families and addresses of Services on a server with two Service networks, as kube-apiserver gives them.</summary>
public sealed class DualStackTests
{
    private const string Path = "/api/v1/namespaces/default/services";
    private const string Merge = "application/merge-patch+json";

    [Theory]
    [InlineData("""{"ports":[{"port":1}]}""", "SingleStack", "IPv4", "4")]
    [InlineData("""{"ipFamilyPolicy":"PreferDualStack","ports":[{"port":1}]}""", "PreferDualStack", "IPv4,IPv6", "4,6")]
    [InlineData("""{"ipFamilyPolicy":"RequireDualStack","ports":[{"port":1}]}""", "RequireDualStack", "IPv4,IPv6", "4,6")]
    [InlineData("""{"ipFamilies":["IPv6"],"ports":[{"port":1}]}""", "SingleStack", "IPv6", "6")]
    [InlineData("""{"ipFamilyPolicy":"PreferDualStack","ipFamilies":["IPv6"],"ports":[{"port":1}]}""", "PreferDualStack", "IPv6,IPv4", "6,4")]
    [InlineData("""{"ipFamilyPolicy":"RequireDualStack","ipFamilies":["IPv6","IPv4"],"ports":[{"port":1}]}""", "RequireDualStack", "IPv6,IPv4", "6,4")]
    [InlineData("""{"clusterIP":"fd02::77","ports":[{"port":1}]}""", "SingleStack", "IPv6", "fd02::77")]
    [InlineData("""{"ipFamilyPolicy":"PreferDualStack","clusterIP":"fd02::77","ports":[{"port":1}]}""", "PreferDualStack", "IPv6,IPv4", "fd02::77,4")]
    [InlineData("""{"ipFamilyPolicy":"RequireDualStack","clusterIP":"fd02::77","clusterIPs":["fd02::77","172.30.7.7"],"ports":[{"port":1}]}""", "RequireDualStack", "IPv6,IPv4", "fd02::77,172.30.7.7")]
    [InlineData("""{"clusterIP":"None","selector":{"a":"b"}}""", "SingleStack", "IPv4", "None")]
    [InlineData("""{"clusterIP":"None","ipFamilyPolicy":"PreferDualStack","selector":{"a":"b"}}""", "PreferDualStack", "IPv4,IPv6", "None")]
    [InlineData("""{"clusterIP":"None"}""", "RequireDualStack", "IPv4,IPv6", "None")]
    [InlineData("""{"clusterIP":"None","ipFamilies":["IPv6"]}""", "RequireDualStack", "IPv6,IPv4", "None")]
    [InlineData("""{"type":"ExternalName","externalName":"a.example"}""", "", "", "")]
    public async Task What_a_new_Service_gets(string spec, string policy, string families, string ips)
    {
        await using var cluster = await TestCluster.StartAsync(dualStack: true);
        var (code, made) = await CreateAsync(cluster, "a", spec);
        Assert.True(code == 201, made.ToJsonString());
        Assert.Equal($"{policy}|{families}|{ips}", Shape(made));
    }

    [Theory]
    [InlineData("""{"clusterIP":"172.30.0.1","ports":[{"port":1}]}""", "spec.clusterIPs: Invalid value: []string{\"172.30.0.1\"}: failed to allocate IP 172.30.0.1: provided IP is already allocated")]
    [InlineData("""{"clusterIP":"10.0.0.1","ports":[{"port":1}]}""", "spec.clusterIPs: Invalid value: []string{\"10.0.0.1\"}: failed to allocate IP 10.0.0.1: the provided IP (10.0.0.1) is not in the valid range. The range of valid IPs is 172.30.0.0/16")]
    [InlineData("""{"clusterIP":"fd03::1","ports":[{"port":1}]}""", "spec.clusterIPs: Invalid value: []string{\"fd03::1\"}: failed to allocate IP fd03::1: the provided IP (fd03::1) is not in the valid range. The range of valid IPs is fd02::/112")]
    [InlineData("""{"clusterIP":"fd02::","ports":[{"port":1}]}""", "spec.clusterIPs: Invalid value: []string{\"fd02::\"}: failed to allocate IP fd02::: the provided IP (fd02::) is not in the valid range. The range of valid IPs is fd02::/112")]
    [InlineData("""{"clusterIP":"172.30.7.7","clusterIPs":["172.30.7.7","fd02::7"],"ports":[{"port":1}]}""", "spec.ipFamilyPolicy: Invalid value: \"SingleStack\": must be 'RequireDualStack' or 'PreferDualStack' when multiple cluster IPs are specified")]
    [InlineData("""{"ipFamilies":["IPv4","IPv6"],"ports":[{"port":1}]}""", "spec.ipFamilyPolicy: Invalid value: \"SingleStack\": must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified")]
    [InlineData("""{"ipFamilyPolicy":"Both","ports":[{"port":1}]}""", "spec.ipFamilyPolicy: Unsupported value: \"Both\": supported values: \"PreferDualStack\", \"RequireDualStack\", \"SingleStack\"")]
    [InlineData("""{"ipFamilies":["IPv5"],"ports":[{"port":1}]}""", "spec.ipFamilies[0]: Unsupported value: \"IPv5\": supported values: \"IPv4\", \"IPv6\"")]
    [InlineData("""{"ipFamilyPolicy":"PreferDualStack","ipFamilies":["IPv4","IPv4"],"ports":[{"port":1}]}""", "spec.ipFamilies[1]: Duplicate value: \"IPv4\"")]
    [InlineData("""{"ipFamilyPolicy":"PreferDualStack","ipFamilies":["IPv6"],"clusterIP":"172.30.7.7","ports":[{"port":1}]}""", "spec.clusterIPs[0]: Invalid value: \"172.30.7.7\": expected an IPv6 value as indicated by `ipFamilies[0]`")]
    [InlineData("""{"ipFamilyPolicy":"PreferDualStack","clusterIP":"172.30.7.7","clusterIPs":["172.30.7.7","172.30.7.8"],"ports":[{"port":1}]}""", "spec.clusterIPs: Invalid value: []string{\"172.30.7.7\", \"172.30.7.8\"}: may specify no more than one IP for each IP family")]
    [InlineData("""{"clusterIPs":["172.30.7.7"],"ports":[{"port":1}]}""", "spec.clusterIPs: Invalid value: []string{\"172.30.7.7\"}: must be empty when `clusterIP` is not specified")]
    [InlineData("""{"clusterIP":"None","clusterIPs":["None","fd02::7"]}""", "spec.clusterIPs: Invalid value: []string{\"None\", \"fd02::7\"}: 'None' must be the first and only value")]
    [InlineData("""{"type":"ExternalName","externalName":"a.example","ipFamilyPolicy":"SingleStack"}""", "spec.ipFamilyPolicy: Forbidden: may not be set for ExternalName services")]
    public async Task What_a_new_Service_may_not_say(string spec, string words)
    {
        await using var cluster = await TestCluster.StartAsync(dualStack: true);
        var (code, answer) = await CreateAsync(cluster, "a", spec);
        Assert.Equal((422, $"Service \"a\" is invalid: {words}"), (code, (string?)answer["message"]));
    }

    [Fact]
    public async Task A_server_of_one_family_refuses_the_other()
    {
        await using var cluster = await TestCluster.StartAsync();
        Assert.Equal("Service \"a\" is invalid: spec.clusterIPs[0]: Invalid value: []string{\"fd02::7\"}: IPv6 is not configured on this cluster",
            (string?)(await CreateAsync(cluster, "a", """{"clusterIP":"fd02::7","ports":[{"port":1}]}""")).Body["message"]);
        Assert.Equal("SingleStack|IPv4|4", Shape((await CreateAsync(cluster, "b", """{"ports":[{"port":1}]}""")).Body));
        Assert.Equal("PreferDualStack|IPv4|4", Shape((await CreateAsync(cluster, "c", """{"ipFamilyPolicy":"PreferDualStack","ports":[{"port":1}]}""")).Body));
    }

    [Fact]
    public async Task A_second_family_comes_and_goes_and_the_first_stays()
    {
        await using var cluster = await TestCluster.StartAsync(dualStack: true);
        var first = (string?)(await CreateAsync(cluster, "a", """{"ports":[{"port":1}]}""")).Body["spec"]!["clusterIP"];
        var up = await PatchAsync(cluster, "a", """{"spec":{"ipFamilyPolicy":"PreferDualStack"}}""");
        Assert.Equal("PreferDualStack|IPv4,IPv6|4,6", Shape(up));
        Assert.Equal(first, (string?)up["spec"]!["clusterIP"]);

        // A second Service gets another one, and knows by name what is taken, however it is written.
        var second = (string)up["spec"]!["clusterIPs"]![1]!;
        var clash = await CreateAsync(cluster, "b", $$"""{"ipFamilies":["IPv6"],"clusterIP":"{{Long(second)}}","ports":[{"port":1}]}""");
        Assert.EndsWith("provided IP is already allocated", (string?)clash.Body["message"], StringComparison.Ordinal);

        Assert.Equal(
            "Service \"a\" is invalid: spec.ipFamilyPolicy: Invalid value: \"PreferDualStack\": must be 'SingleStack' to release the secondary cluster IP",
            (string?)(await PatchAsync(cluster, "a", $$$"""{"spec":{"clusterIPs":["{{{first}}}"]}}"""))["message"]);
        Assert.Equal(
            "Service \"a\" is invalid: spec.ipFamilyPolicy: Invalid value: \"PreferDualStack\": must be 'SingleStack' to release the secondary IP family",
            (string?)(await PatchAsync(cluster, "a", """{"spec":{"ipFamilies":["IPv4"]}}"""))["message"]);
        var down = await PatchAsync(cluster, "a", """{"spec":{"ipFamilyPolicy":"SingleStack"}}""");
        Assert.Equal("SingleStack|IPv4|4", Shape(down));
        Assert.Equal(201, (await CreateAsync(cluster, "b", $$"""{"clusterIP":"{{second}}","ports":[{"port":1}]}""")).Code);
    }

    [Fact]
    public async Task The_first_family_and_its_address_may_not_change()
    {
        await using var cluster = await TestCluster.StartAsync(dualStack: true);
        await CreateAsync(cluster, "a", """{"ipFamilyPolicy":"RequireDualStack","clusterIP":"172.30.7.7","clusterIPs":["172.30.7.7","fd02::7"],"ports":[{"port":1}]}""");
        const string Release = "spec.ipFamilyPolicy: Invalid value: \"RequireDualStack\": must be 'SingleStack' to release the secondary cluster IP";
        var patches = new Dictionary<string, string>
        {
            ["""{"spec":{"clusterIP":"172.30.7.8"}}"""] = Release,
            ["""{"spec":{"clusterIP":"None","clusterIPs":["None"]}}"""] = Release,
            ["""{"spec":{"clusterIPs":["172.30.7.7","fd02::8"]}}"""] = "spec.clusterIPs[1]: Invalid value: []string{\"172.30.7.7\", \"fd02::8\"}: may not change once set",
            ["""{"spec":{"ipFamilies":["IPv6","IPv4"]}}"""] =
                "[spec.clusterIPs[0]: Invalid value: \"172.30.7.7\": expected an IPv6 value as indicated by `ipFamilies[0]`, " +
                "spec.clusterIPs[1]: Invalid value: \"fd02::7\": expected an IPv4 value as indicated by `ipFamilies[1]`]",
        };
        foreach (var (patch, words) in patches)
        {
            Assert.Equal($"Service \"a\" is invalid: {words}", (string?)(await PatchAsync(cluster, "a", patch))["message"]);
        }

        Assert.Equal("RequireDualStack|IPv4,IPv6|172.30.7.7,fd02::7", Shape((await cluster.SendAsync("GET", Path + "/a")).Body));
    }

    [Fact]
    public async Task A_Service_becomes_an_ExternalName_and_back()
    {
        await using var cluster = await TestCluster.StartAsync(dualStack: true);
        await CreateAsync(cluster, "a", """{"ipFamilyPolicy":"PreferDualStack","ports":[{"port":1}]}""");
        Assert.Equal("||", Shape(await PatchAsync(cluster, "a", """{"spec":{"type":"ExternalName","externalName":"a.example"}}""")));
        Assert.Equal("RequireDualStack|IPv4,IPv6|4,6", Shape(await PatchAsync(cluster, "a", """{"spec":{"type":"ClusterIP","externalName":null,"ipFamilyPolicy":"RequireDualStack"}}""")));
    }

    [Fact]
    public async Task A_headless_Service_may_change_its_families()
    {
        await using var cluster = await TestCluster.StartAsync(dualStack: true);
        await CreateAsync(cluster, "a", """{"clusterIP":"None","selector":{"a":"b"}}""");
        Assert.Equal("SingleStack|IPv6|None", Shape(await PatchAsync(cluster, "a", """{"spec":{"ipFamilies":["IPv6"]}}""")));
        Assert.Equal("PreferDualStack|IPv6,IPv4|None", Shape(await PatchAsync(cluster, "a", """{"spec":{"ipFamilyPolicy":"PreferDualStack"}}""")));
    }

    private static async Task<(int Code, JsonObject Body)> CreateAsync(TestCluster cluster, string name, string spec) =>
        await cluster.SendAsync("POST", Path, $$"""{"metadata":{"name":"{{name}}"},"spec":{{spec}}}""");

    private static async Task<JsonObject> PatchAsync(TestCluster cluster, string name, string patch) => (await cluster.SendAsync("PATCH", $"{Path}/{name}", patch, Merge)).Body;

    // Addresses that were given at random are shown as their family.
    private static string Shape(JsonObject service)
    {
        var spec = service["spec"]!;
        var ips = (spec["clusterIPs"] as JsonArray ?? []).Select(ip => (string)ip!).ToList();
        Assert.Equal(ips.FirstOrDefault(), (string?)spec["clusterIP"]);
        return $"{(string?)spec["ipFamilyPolicy"]}|{string.Join(',', (spec["ipFamilies"] as JsonArray ?? []).Select(f => (string)f!))}|{string.Join(',', ips.Select(Short))}";
    }

    private static string Short(string ip) => ip is "None" or "fd02::77" or "fd02::7" or "172.30.7.7" ? ip
        : IPNetwork.Parse("172.30.0.0/16").Contains(IPAddress.Parse(ip)) ? "4"
        : IPNetwork.Parse("fd02::/112").Contains(IPAddress.Parse(ip)) ? "6" : ip;

    private static string Long(string ip) => string.Join(':', IPAddress.Parse(ip).GetAddressBytes().Chunk(2).Select(pair => Convert.ToHexString(pair)));
}
