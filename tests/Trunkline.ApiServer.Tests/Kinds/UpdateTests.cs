using System.Text.Json.Nodes;
using Trunkline.ApiServer.Errors;
using Trunkline.ApiServer.Kinds;
using Trunkline.ApiServer.Tests.Kinds.Golden;
using Xunit;

namespace Trunkline.ApiServer.Tests.Kinds;

public sealed class UpdateTests
{
    private static readonly ResourceKind Services = KindCatalog.Find("", "v1", "services")!;
    private static readonly ResourceKind Pods = KindCatalog.Find("", "v1", "pods")!;

    [Fact]
    public void A_clusterIP_may_not_change_once_set()
    {
        var error = Assert.Throws<ApiStatusException>(() => Writes.Update(Services, Service(), s => s["spec"]!["clusterIP"] = "172.30.9.9"));
        Assert.Equal("Service \"a\" is invalid: spec.clusterIPs[0]: Invalid value: []string{\"172.30.9.9\"}: may not change once set", error.Message);
    }

    [Fact]
    public void Clearing_the_clusterIP_changes_nothing()
    {
        var old = Service();
        var now = Writes.Update(Services, old, s =>
        {
            s["spec"]!["clusterIP"] = "";
            s["spec"]!["clusterIPs"] = new JsonArray();
        });
        Assert.True(JsonNode.DeepEquals(old, now), now.ToJsonString());
    }

    [Fact]
    public void A_put_without_addresses_and_ports_keeps_those_given()
    {
        var now = Writes.Update(Services, Service(), s => s["spec"] = JsonNode.Parse("""{"type":"NodePort","ports":[{"port":80,"protocol":"SCTP"}]}"""));
        Assert.Equal("172.30.1.1", now["spec"]!["clusterIP"]!.GetValue<string>());
        Assert.Equal(30111, now["spec"]!["ports"]![0]!["nodePort"]!.GetValue<long>());
    }

    [Fact]
    public void A_put_that_makes_it_a_ClusterIP_service_drops_what_the_type_lacks()
    {
        var now = Writes.Update(Services, Service(), s => s["spec"]!["type"] = "ClusterIP");
        Assert.Null(now["spec"]!["externalTrafficPolicy"]);
        Assert.Null(now["spec"]!["ports"]![0]!["nodePort"]);
    }

    [Fact]
    public void Of_a_Pod_only_the_image_may_change()
    {
        var pod = Writes.Create(Pods, """{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},"spec":{"containers":[{"name":"a","image":"x"}]}}""").Object!;
        Assert.Equal("y", Writes.Update(Pods, pod, p => p["spec"]!["containers"]![0]!["image"] = "y")["spec"]!["containers"]![0]!["image"]!.GetValue<string>());
        var error = Assert.Throws<ApiStatusException>(() => Writes.Update(Pods, pod, p => p["spec"]!["hostname"] = "h"));
        Assert.StartsWith(
            "Pod \"a\" is invalid: spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\n",
            error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_status_update_changes_the_status_alone()
    {
        var pod = Writes.Create(Pods, """{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},"spec":{"containers":[{"name":"a","image":"x"}]}}""").Object!;
        var now = Writes.Update(Pods, pod, p =>
        {
            p["spec"]!["hostname"] = "h";
            p["status"]!["phase"] = "Running";
        }, "status");
        Assert.Null(now["spec"]!["hostname"]);
        Assert.Equal("Running", now["status"]!["phase"]!.GetValue<string>());
        var main = Writes.Update(Pods, now, p => p["status"]!["phase"] = "Failed");
        Assert.Equal("Running", main["status"]!["phase"]!.GetValue<string>());
    }

    [Fact]
    public void A_Deployments_selector_is_immutable()
    {
        var kind = KindCatalog.Find("apps", "v1", "deployments")!;
        var old = Writes.Create(kind, """{"metadata":{"name":"a"},"spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b","c":"d"}},"spec":{"containers":[{"name":"a","image":"x"}]}}}}""").Object!;
        Assert.Equal(600, old["spec"]!["progressDeadlineSeconds"]!.GetValue<int>());
        var error = Assert.Throws<ApiStatusException>(() => Writes.Update(kind, old, d => d["spec"]!["selector"] = JsonNode.Parse("""{"matchLabels":{"c":"d"}}""")));
        Assert.Equal("Deployment.apps \"a\" is invalid: spec.selector: Invalid value: v1.LabelSelector{MatchLabels:map[string]string{\"c\":\"d\"}, MatchExpressions:[]v1.LabelSelectorRequirement(nil)}: field is immutable", error.Message);
    }

    [Theory]
    [InlineData("name", "b")]
    [InlineData("uid", "z")]
    [InlineData("creationTimestamp", "2020-01-01T00:00:00Z")]
    public void Identity_is_immutable(string field, string value)
    {
        var old = Service();
        old["metadata"]!["uid"] = "u";
        old["metadata"]!["creationTimestamp"] = "2026-01-01T00:00:00Z";
        var error = Assert.Throws<ApiStatusException>(() => Writes.Update(Services, old, s => s["metadata"]![field] = value));
        Assert.Contains($"metadata.{field}: Invalid value: \"{value}\": field is immutable", error.Message, StringComparison.Ordinal);
    }

    private static JsonObject Service() => Writes.Create(
        Services,
        """{"apiVersion":"v1","kind":"Service","metadata":{"name":"a"},"spec":{"type":"NodePort","clusterIP":"172.30.1.1","ipFamilies":["IPv4"],"ipFamilyPolicy":"SingleStack","ports":[{"port":80,"protocol":"SCTP","nodePort":30111}]}}""").Object!;
}
