using Trunkline.Operations.Cluster;
using Trunkline.Operations.Tests.Support;
using Xunit;

namespace Trunkline.Operations.Tests.Cluster;

public sealed class ClusterTargetTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("trunkline-kubeconfig-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_kubeconfig_that_cannot_be_used_is_named()
    {
        Assert.Contains("/nowhere/config", Refused(new ClusterTarget("/nowhere/config")), StringComparison.Ordinal);
        Assert.Contains(Write("broken", "clusters: ["), Refused(new ClusterTarget(Path.Combine(_folder.FullName, "broken"))), StringComparison.Ordinal);
        Write("empty", "");
        Refused(new ClusterTarget(Path.Combine(_folder.FullName, "empty")));
        Write("lost", "apiVersion: v1\nkind: Config\ncurrent-context: a\ncontexts: [{name: a, context: {cluster: gone, user: gone}}]\n");
        Refused(new ClusterTarget(Path.Combine(_folder.FullName, "lost")));
    }

    [Fact]
    public void A_context_is_chosen_by_name_and_a_wrong_name_lists_those_there_are()
    {
        var file = Write("two", """
            apiVersion: v1
            kind: Config
            current-context: a
            clusters: [{name: a, cluster: {server: "http://127.0.0.1:1"}}, {name: b, cluster: {server: "http://127.0.0.1:2"}}]
            users: [{name: u, user: {token: t}}]
            contexts: [{name: a, context: {cluster: a, user: u}}, {name: b, context: {cluster: b, user: u, namespace: telecom}}]
            """);
        using var current = new ClusterApi(new ClusterTarget(file));
        Assert.Equal(("http://127.0.0.1:1", "default"), (current.Server, current.Namespace));
        using var other = new ClusterApi(new ClusterTarget(file, "b"));
        Assert.Equal(("http://127.0.0.1:2", "telecom"), (other.Server, other.Namespace));
        using var said = new ClusterApi(new ClusterTarget(file, "b", "mine"));
        Assert.Equal("mine", said.Namespace);
        Assert.Contains("\"a\", \"b\"", Refused(new ClusterTarget(file, "c")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_named()
    {
        string address;
        ClusterApi api;
        using (var server = new ScriptedApi(_ => (200, "{}")))
        {
            address = server.Address;
            api = server.Open();
        }

        using (api)
        {
            var error = await Assert.ThrowsAsync<ClusterException>(() => api.GetAsync("/version", TestContext.Current.CancellationToken));
            Assert.Contains(address, error.Message, StringComparison.Ordinal);
            Assert.Contains("cannot be reached", error.Message, StringComparison.Ordinal);
        }
    }

    private static string Refused(ClusterTarget target) => Assert.Throws<ClusterException>(target.Resolve).Message;

    private string Write(string name, string text)
    {
        var file = Path.Combine(_folder.FullName, name);
        File.WriteAllText(file, text);
        return file;
    }
}
