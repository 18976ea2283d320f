using System.Collections.Concurrent;
using System.Text.Json;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Trunkline.Node.Agent.Watching;
using Trunkline.Node.Network.Cluster;
using Trunkline.Node.Network.Secondary;
using Trunkline.Policy.Model;
using Xunit;

namespace Trunkline.Node.Tests.Networks;

/// <summary>The loop that keeps Pods' rules on secondary networks, against a kernel that a test breaks as it likes.</summary>
public sealed class SecondaryPoliciesTests : IAsyncDisposable
{
    private readonly Kernel _kernel = new();
    private readonly SecondaryPolicies _policies;

    public SecondaryPoliciesTests()
    {
        _policies = new SecondaryPolicies("here", _kernel, TimeProvider.System, NullLogger.Instance) { LookEvery = TimeSpan.FromMilliseconds(50) };
        _policies.Facts.Namespaces.Replace([new V1Namespace { Metadata = new V1ObjectMeta { Name = "x" } }]);
        _policies.Facts.Pods.Replace([]);
        _policies.Facts.Policies.Replace([Policy("closed")]);
    }

    public async ValueTask DisposeAsync() => await _policies.DisposeAsync();

    [Fact]
    public async Task Two_Pods_of_one_name_have_rules_each_and_the_later_one_is_the_peer()
    {
        _policies.Facts.Policies.Replace([Policy("closed", from: "same")]);
        await EnsureAsync(Make("same", "old", "open", "10.1.1.1"));
        await EnsureAsync(Make("same", "new", "same", "10.1.1.2"));
        await EnsureAsync(Make("other", "third", "closed", "10.1.1.3"));
        Assert.Contains("ip saddr { 10.1.1.2 } accept", _kernel.Script("third"), StringComparison.Ordinal);
        Assert.NotEmpty(_kernel.Script("old"));
        Assert.NotEmpty(_kernel.Script("new"));
    }

    [Fact]
    public async Task A_Pod_whose_rules_cannot_be_written_keeps_nobody_waiting_and_is_tried_again()
    {
        _kernel.Broken["bad"] = true;
        var bad = EnsureAsync(Make("bad", "bad", "open", "10.1.1.1"));
        for (var i = 0; i < 20; i++)
        {
            await EnsureAsync(Make($"good{i}", $"good{i}", "open", $"10.1.1.{i + 2}")).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        }

        Assert.False(bad.IsCompleted);
        _kernel.Broken.Clear();
        await bad;
    }

    // Also without addresses (no ipam), and though its annotation has been taken away.
    [Theory]
    [InlineData("10.1.1.1", true)]
    [InlineData("", true)]
    [InlineData("10.1.1.1", false)]
    public async Task A_label_decides_whatever_else_is_known_of_the_Pod(string address, bool annotated)
    {
        var pod = Make("a", "a", "open", address);
        await EnsureAsync(pod);
        Assert.DoesNotContain("goto in_0", _kernel.Script("a"), StringComparison.Ordinal);
        pod = Make("a", "a", "closed", address, annotated);
        _policies.Facts.Pods.Change(WatchChange.Stored, pod);
        await UntilAsync(() => _kernel.Script("a").Contains("goto in_0", StringComparison.Ordinal), "the new label's policy");
    }

    [Fact]
    public async Task Flows_are_looked_through_twice_after_a_change_and_again_where_that_failed()
    {
        await EnsureAsync(Make("a", "a", "open", "10.1.1.1"));
        await UntilAsync(() => _kernel.Sweeps.GetValueOrDefault("a") == 2, "two looks");
        _kernel.SweepFailures = 3;
        _policies.Facts.Pods.Change(WatchChange.Stored, Make("a", "a", "closed", "10.1.1.1"));
        await UntilAsync(() => _kernel.Sweeps.GetValueOrDefault("a") == 4 && _kernel.SweepFailures <= 0, "two more that are well");
    }

    [Fact]
    public async Task Rules_that_somebody_takes_away_come_back()
    {
        await EnsureAsync(Make("a", "a", "open", "10.1.1.1"));
        await UntilAsync(() => _kernel.Sweeps.GetValueOrDefault("a") == 2, "to be settled");
        var writes = _kernel.Writes["a"];
        _kernel.Generations["a"] += 1; // somebody's transaction
        await UntilAsync(() => _kernel.Writes["a"] == writes + 1, "the rules to be written again");
    }

    [Fact]
    public async Task Who_waits_for_a_Pod_that_goes_is_told()
    {
        _kernel.Broken["bad"] = true;
        var bad = EnsureAsync(Make("bad", "bad", "open", "10.1.1.1"));
        _policies.Forget("bad");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => bad);
        await EnsureAsync(Make("good", "good", "open", "10.1.1.2"));
    }

    private Task EnsureAsync(V1Pod pod)
    {
        var status = NetworkStatus.Read(pod.Metadata.Annotations["mine"]);
        return _policies.EnsureAsync(NetworkedPod.Of(pod, status), pod.Metadata.Uid, TestContext.Current.CancellationToken);
    }

    private static V1Pod Make(string name, string uid, string app, string address, bool annotated = true)
    {
        var status = $$"""[{"name": "x/left", "interface": "net1", "mac": "0a:58:00:00:00:01", "ips": [{{(address.Length > 0 ? $"\"{address}\"" : "")}}]}]""";
        var annotations = new Dictionary<string, string> { ["mine"] = status };
        if (annotated && address.Length > 0)
        {
            annotations[NetworkStatus.Annotation] = status;
        }

        return new V1Pod
        {
            Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "x", Uid = uid, Labels = new Dictionary<string, string> { ["app"] = app }, Annotations = annotations },
            Spec = new V1PodSpec { NodeName = "here", Containers = [] },
        };
    }

    private static PolicyObject Policy(string app, string? from = null) => new()
    {
        Metadata = new V1ObjectMeta { Name = "p", NamespaceProperty = "x", Annotations = new Dictionary<string, string> { [MultiPolicy.PolicyFor] = "left" } },
        Spec = JsonSerializer.Deserialize<JsonElement>("""{"podSelector": {"matchLabels": {"app": "APP"}}, "policyTypes": ["Ingress"], "ingress": [FROM]}"""
            .Replace("FROM", from is null ? "" : """{"from": [{"podSelector": {"matchLabels": {"app": "PEER"}}}]}""", StringComparison.Ordinal)
            .Replace("APP", app, StringComparison.Ordinal).Replace("PEER", from ?? "", StringComparison.Ordinal)),
    };

    private static async Task UntilAsync(Func<bool> what, string words)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!what())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(60), words);
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Namespaces are called by their Pods' UIDs.</summary>
    private sealed class Kernel : ISecondaryKernel
    {
        private readonly ConcurrentDictionary<string, string> _scripts = new();

        public ConcurrentDictionary<string, bool> Broken { get; } = new();

        public ConcurrentDictionary<string, int> Sweeps { get; } = new();

        public ConcurrentDictionary<string, int> Writes { get; } = new();

        public ConcurrentDictionary<string, uint> Generations { get; } = new();

        public int SweepFailures { get; set; }

        public string Script(string uid) => _scripts.GetValueOrDefault(uid, "");

        public Task<uint> WriteAsync(string netnsPath, string script, CancellationToken cancellationToken)
        {
            if (Broken.ContainsKey(netnsPath))
            {
                throw new IOException("broken");
            }

            _scripts[netnsPath] = script;
            Writes.AddOrUpdate(netnsPath, 1, (_, count) => count + 1);
            return Task.FromResult(Generations.AddOrUpdate(netnsPath, 1u, (_, generation) => generation + 1));
        }

        public uint Generation(string netnsPath) => Generations[netnsPath];

        public int Sweep(NetworkedPod pod, string netnsPath, Func<string, PolicyCluster> clusterOn)
        {
            if (SweepFailures-- > 0)
            {
                throw new IOException("no list");
            }

            return Sweeps.AddOrUpdate(netnsPath, 1, (_, count) => count + 1) * 0;
        }
    }
}
