using Trunkline.Operations.Cluster;
using Trunkline.Operations.Objects;
using Trunkline.Operations.Tests.Support;
using Xunit;

namespace Trunkline.Operations.Tests.Objects;

public sealed class LiveObjectsTests
{
    [Fact]
    public async Task A_list_is_read_page_by_page_and_anew_when_its_token_has_expired()
    {
        var expired = false;
        using var server = new ScriptedApi(asked =>
        {
            if (!asked.Contains("continue=", StringComparison.Ordinal))
            {
                return (200, Page("one", "second page"));
            }

            if (!expired)
            {
                expired = true;
                return (410, """{"kind":"Status","code":410,"reason":"Expired","message":"The provided continue parameter is too old"}""");
            }

            return (200, Page("two", ""));
        });
        using var api = server.Open();
        var objects = await LiveObjects.ReadAsync(api, [ResourceKinds.Pod], null, null, TestContext.Current.CancellationToken);
        Assert.Equal(["Pod x/one", "Pod x/two"], objects.Of(ResourceKinds.Pod).Select(pod => pod.Title));
        Assert.Equal(4, server.Asked.Count);
        Assert.Equal("GET /api/v1/pods?limit=500&continue=second%20page", server.Asked[^1]);
    }

    [Fact]
    public async Task A_missing_right_is_told_and_a_kind_that_is_not_served_is_just_not_there()
    {
        using var server = new ScriptedApi(asked => asked switch
        {
            _ when asked.Contains("/nodes", StringComparison.Ordinal) => (403, """{"kind":"Status","code":403,"reason":"Forbidden","message":"nodes is forbidden: User \"dev\" cannot list resource \"nodes\""}"""),
            _ when asked.Contains("machineconfigs", StringComparison.Ordinal) => (404, "404 page not found"),
            _ => (200, Page("one", "")),
        });
        using var api = server.Open();
        var objects = await LiveObjects.ReadAsync(api, [ResourceKinds.Node, ResourceKinds.MachineConfig, ResourceKinds.Pod], "x", null, TestContext.Current.CancellationToken);
        var unread = Assert.Single(objects.Unread);
        Assert.True(unread.Forbidden);
        Assert.Contains("cannot list resource", unread.Why, StringComparison.Ordinal);
        Assert.False(objects.WasRead(ResourceKinds.Node));
        Assert.True(objects.WasRead(ResourceKinds.MachineConfig));
        Assert.Contains("GET /api/v1/namespaces/x/pods?limit=500", server.Asked);
    }

    [Theory]
    [InlineData(401, "does not accept the kubeconfig's credentials")]
    [InlineData(500, "500")]
    public async Task Other_refusals_end_the_reading_with_one_sentence(int status, string words)
    {
        using var server = new ScriptedApi(_ => (status, """{"kind":"Status","message":"it broke"}"""));
        using var api = server.Open();
        var error = await Assert.ThrowsAsync<ClusterException>(() => LiveObjects.ReadAsync(api, [ResourceKinds.Pod], null, null, TestContext.Current.CancellationToken));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    private static string Page(string name, string next) =>
        $$$"""{"kind":"PodList","apiVersion":"v1","metadata":{"continue":"{{{next}}}"},"items":[{"metadata":{"name":"{{{name}}}","namespace":"x"}}]}""";
}
