using Trunkline.Operations.Enable;
using Trunkline.Operations.Manifests;
using Trunkline.Operations.Tests.Support;
using Xunit;

namespace Trunkline.Operations.Tests.Enable;

/// <summary>
/// A cluster's objects in, the plan out: <c>Cases/NAME/cluster.json</c> and <c>plan.txt</c> (in a file <c>roles</c> the roles asked for; <c>disable-…</c> switches off). The clusters of the
/// platforms' cases have a plan too, with the manifests that it would create.
/// </summary>
public sealed class ModulePlanTests
{
    public static TheoryData<string, string> Cases =>
        new(CaseFolders.Names("Enable").Select(name => ("Enable", name)).Concat(CaseFolders.Names("Platforms").Select(name => ("Platforms", name))));

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_plan_follows_from_the_objects(string concept, string name)
    {
        var objects = await CaseFolders.ObjectsAsync(concept, name, TestContext.Current.CancellationToken);
        Assert.Empty(objects.UnreadFiles);
        var plan = ModulePlan.Of(objects, new EnableOptions(CaseFolders.Roles(concept, name), Off: name.StartsWith("disable-", StringComparison.Ordinal)));
        var said = string.Concat(ModulePlanText.Lines(plan).Select(line => line + "\n"));
        if (concept == "Platforms" && plan.Creates.Count > 0)
        {
            said += "\n" + ManifestWriter.Write(plan.Creates);
        }

        Assert.Equal(CaseFolders.Expected(concept, name, "plan.txt", said), said);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task What_a_plan_creates_is_read_back_as_it_was_written(string concept, string name)
    {
        var objects = await CaseFolders.ObjectsAsync(concept, name, TestContext.Current.CancellationToken);
        var plan = ModulePlan.Of(objects, new EnableOptions([]));
        var read = Manifest.ParseAll(ManifestWriter.Write(plan.Creates)).ToList();
        Assert.Equal(plan.Creates.Select(item => item.ToJsonString()), read.Select(item => item.ToJsonString()));
    }

    [Fact]
    public async Task Once_created_there_is_nothing_more_to_create()
    {
        var cancel = TestContext.Current.CancellationToken;
        var before = await CaseFolders.ObjectsAsync("Enable", "ready-cluster", cancel);
        var plan = ModulePlan.Of(before, new EnableOptions([]));
        var after = ModulePlan.Of(CaseFolders.With(before, plan.Creates), new EnableOptions([]));
        Assert.Empty(after.Creates);
        Assert.False(Assert.Single(after.Pools).Done); // not rolled out yet: it is still waited for
        Assert.Equal(["99-worker-load-sctp-module"], after.Pools[0].MachineConfigs);

        var daemonSet = await CaseFolders.ObjectsAsync("Platforms", "kubeadm-calico", cancel);
        var loaded = ModulePlan.Of(CaseFolders.With(daemonSet, ModulePlan.Of(daemonSet, new EnableOptions([])).Creates), new EnableOptions([]));
        Assert.True(loaded.NothingToDo);
    }
}
