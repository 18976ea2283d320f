using Trunkline.Policy.Model;
using Xunit;

namespace Trunkline.Node.IntegrationTests.Network;

/// <summary>Associations live for months and policies change meanwhile: what is no longer allowed is cut, what is allowed loses nothing.</summary>
public sealed class PolicyChangeTests
{
    private const int Changes = 100;

    [Fact]
    public async Task An_allowed_association_loses_nothing_while_policies_around_it_change_a_hundred_times()
    {
        await using var scene = await PolicyScene.StartAsync();
        var allowed = new HandMadeAssociation(scene.Client, scene.Server, 5001, 30102);
        await allowed.EstablishAsync();
        using var stop = new CancellationTokenSource();
        var traffic = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                allowed.SendData();
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, CancellationToken.None);
            }
        }, CancellationToken.None);
        for (var change = 0; change < Changes; change++)
        {
            await scene.ApplyAsync(Around(change));
        }

        await stop.CancelAsync();
        await traffic;
        await scene.PassAsync(scene.Client);
        Assert.True(allowed.Sent > Changes, $"{allowed.Sent} sent");
        Assert.Equal(Enumerable.Range(1, (int)allowed.Sent).Select(tsn => (uint)tsn).Except(allowed.Arrived()), []);
    }

    [Fact]
    public async Task What_a_change_of_policy_label_or_namespace_no_longer_allows_is_cut_in_the_middle()
    {
        await using var scene = await PolicyScene.StartAsync();
        var allowed = new HandMadeAssociation(scene.Client, scene.Server, 5001, 30102);
        await allowed.EstablishAsync();
        var (open, byPod, byLabel) = (Array.Empty<NetworkPolicy>(), PolicyScene.OnlyFrom(PolicyScene.Pods("p0")),
            PolicyScene.OnlyFrom(PolicyScene.Pods("p0"), PolicyScene.Pods("friend")));
        (string What, Func<Task> Allow, Func<Task> Deny)[] changes =
        [
            ("a policy that comes", () => scene.ApplyAsync(open), () => scene.ApplyAsync(byPod)),
            ("a peer that goes", () => scene.ApplyAsync(PolicyScene.OnlyFrom(PolicyScene.Pods("p0"), PolicyScene.Pods("p2"))), () => scene.ApplyAsync(byPod)),
            ("a label of the source", () => scene.ApplyAsync(pod => Label(pod, "p2", "friend"), byLabel), () => scene.ApplyAsync(byLabel)),
            ("a label of the server", () => scene.ApplyAsync(pod => Label(pod, "p1", "other"), byPod), () => scene.ApplyAsync(byPod)),
            ("an ipBlock", () => scene.ApplyAsync(PolicyScene.OnlyFrom(PolicyScene.Block("10.128.2.0/24"))),
                () => scene.ApplyAsync(PolicyScene.OnlyFrom(PolicyScene.Block("10.128.2.8/30")))),
        ];
        for (var index = 0; index < changes.Length; index++)
        {
            var (what, allow, deny) = changes[index];
            await allow();
            var cut = new HandMadeAssociation(scene.Stranger, scene.Server, 5100 + index, 30102);
            await cut.EstablishAsync();
            await deny();
            cut.SendData();
            await scene.PassAsync(scene.Stranger);
            Assert.True(cut.Arrived().Count == 0, $"{what}: cut, and DATA arrived");
            allowed.SendData();
            await scene.PassAsync(scene.Client);
            Assert.True(allowed.Arrived().Count == allowed.Sent, $"{what}: DATA of an association that is still allowed was lost");
        }
    }

    // Policies come and go, sets change, chains are made anew; the client is allowed by each of them.
    private static NetworkPolicy[] Around(int change) => (change % 5) switch
    {
        0 => [],
        1 => [PolicyScene.OnlyFrom(PolicyScene.Pods("p0"))],
        2 => [PolicyScene.OnlyFrom(PolicyScene.Pods("p0"), PolicyScene.Block($"192.168.{change}.0/24"))],
        3 => [PolicyScene.OnlyFrom(PolicyScene.Pods("p2")), PolicyScene.OnlyFrom(PolicyScene.Block("10.128.2.10/32")) with { Name = "second" }],
        _ => [PolicyScene.OnlyFrom(new PolicyPeer { NamespaceSelector = LabelSelector.Everything }), new NetworkPolicy("x", "egress") { PodSelector = PolicyScene.App("p0"), Egress = [PolicyRule.AllowAll] }],
    };

    private static PolicyPod Label(PolicyPod pod, string name, string app) => pod.Name == name ? pod with { Labels = new Dictionary<string, string> { ["app"] = app } } : pod;
}
