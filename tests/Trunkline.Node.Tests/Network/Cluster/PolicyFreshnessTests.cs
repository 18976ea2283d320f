using System.Text.Json;
using k8s.Models;
using Microsoft.Extensions.Time.Testing;
using Trunkline.Node.Agent.Watching;
using Trunkline.Node.Network.Cluster;
using Trunkline.Node.Pods.Variables;
using Trunkline.Policy.Model;
using Xunit;

namespace Trunkline.Node.Tests.Network.Cluster;

/// <summary>A Pod waits for policies that the API server has and the watch has not told of.</summary>
public sealed class PolicyFreshnessTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly WatchProgress _policies = new(), _namespaces = new(), _clusterPolicies = new();
    private readonly Dictionary<string, string> _server = new(StringComparer.Ordinal)
    {
        ["api/v1/namespaces/x"] = """{"metadata":{"name":"x","resourceVersion":"3"}}""",
    };

    private readonly StoreSink<PolicyObject, NetworkPolicy> _watch;
    private bool _isDown;

    public PolicyFreshnessTests()
    {
        _watch = new StoreSink<PolicyObject, NetworkPolicy>(
            new Store<NetworkPolicy>(), policy => $"{policy.Metadata.NamespaceProperty}/{policy.Metadata.Name}", PolicyRecords.Of, new Lock(), () => { }, _policies);
        _namespaces.Changed("/x", "3", true);
    }

    [Fact]
    public async Task A_Pod_whose_policies_are_known_waits_for_nothing()
    {
        Serve("x", 9, ("deny", 5));
        _watch.Replace([Policy("deny", 5), Policy("other", 4, "y")]);
        await WaitAsync();
    }

    [Fact]
    public async Task A_policy_that_the_watch_has_not_told_of_is_waited_for()
    {
        Serve("x", 9, ("deny", 5));
        _watch.Replace([Policy("old", 4, "y")]);
        var wait = WaitAsync();
        await PassAsync();
        Assert.False(wait.IsCompleted);
        _watch.Change(WatchChange.Stored, Policy("deny", 5));
        await EndAsync(wait);
    }

    [Fact]
    public async Task A_change_of_a_policy_and_of_the_namespaces_labels_is_waited_for()
    {
        Serve("x", 9, ("deny", 7));
        _server["api/v1/namespaces/x"] = """{"metadata":{"name":"x","resourceVersion":"8"}}""";
        _watch.Replace([Policy("deny", 5)]);
        var wait = WaitAsync();
        await PassAsync();
        _watch.Change(WatchChange.Stored, Policy("deny", 7));
        await PassAsync();
        Assert.False(wait.IsCompleted);
        _namespaces.Changed("/x", "8", true);
        await EndAsync(wait);
    }

    [Fact]
    public async Task A_policy_that_has_gone_is_waited_for()
    {
        _server[PolicyFreshness.ClusterPolicies] = """{"metadata":{"resourceVersion":"9"},"items":[]}""";
        _clusterPolicies.Changed("/accept", "4", true);
        var wait = WaitAsync();
        await PassAsync();
        Assert.False(wait.IsCompleted);
        _clusterPolicies.Changed("/accept", "6", false);
        await EndAsync(wait);
    }

    [Fact]
    public async Task A_watch_that_comes_no_further_is_said_and_the_Pod_does_not_start()
    {
        Serve("x", 9, ("deny", 5));
        var failure = await Assert.ThrowsAsync<ConfigurationException>(() => EndAsync(WaitAsync()));
        Assert.Contains("x/deny", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_asked_again_and_then_said()
    {
        _isDown = true;
        var wait = WaitAsync();
        await PassAsync();
        _isDown = false;
        await EndAsync(wait);
        _isDown = true;
        var failure = await Assert.ThrowsAsync<ConfigurationException>(() => EndAsync(WaitAsync()));
        Assert.Contains("nobody there", failure.Message, StringComparison.Ordinal);
    }

    private static PolicyObject Policy(string name, int version, string ns = "x") =>
        new() { Metadata = new V1ObjectMeta { NamespaceProperty = ns, Name = name, ResourceVersion = $"{version}" } };

    private void Serve(string ns, int version, params (string Name, int Version)[] policies)
    {
        var items = policies.Select(item => $$$"""{"metadata":{"namespace":"{{{ns}}}","name":"{{{item.Name}}}","resourceVersion":"{{{item.Version}}}"}}""");
        _server[$"apis/networking.k8s.io/v1/namespaces/{ns}/networkpolicies"] = $$$"""{"metadata":{"resourceVersion":"{{{version}}}"},"items":[{{{string.Join(',', items)}}}]}""";
    }

    private Task WaitAsync() => new PolicyFreshness(ReadAsync, _policies, _namespaces, _clusterPolicies, _time).WaitAsync("x", TestContext.Current.CancellationToken);

    private Task<JsonDocument?> ReadAsync(string path, CancellationToken cancellationToken) => _isDown
        ? Task.FromException<JsonDocument?>(new HttpRequestException("nobody there"))
        : Task.FromResult(_server.TryGetValue(path, out var text) ? JsonDocument.Parse(text) : null);

    private async Task PassAsync()
    {
        for (var step = 0; step < 20; step++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(20));
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }

    private async Task EndAsync(Task wait)
    {
        while (!wait.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(500));
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        await wait;
    }
}
