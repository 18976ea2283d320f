using Trunkline.Operations.Access;
using Trunkline.Operations.Cluster;
using Trunkline.Operations.Enable;
using Xunit;

namespace Trunkline.Operations.Tests.Access;

public sealed class RoleManifestsTests
{
    public static TheoryData<string> Commands => [.. AccessRules.Commands];

    [Theory]
    [MemberData(nameof(Commands))]
    public void Each_command_has_a_role_without_wildcards(string command)
    {
        var manifests = RoleManifests.For(command, null);
        Assert.Contains(manifests, item => item["kind"]!.GetValue<string>() == "ClusterRole" && item["metadata"]!["name"]!.GetValue<string>() == $"trunkline-{command}");
        Assert.All(manifests, item => Assert.DoesNotContain("\"*\"", item.ToJsonString(), StringComparison.Ordinal));
        Assert.All(manifests, item => Assert.DoesNotContain("secrets", item.ToJsonString(), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("doctor")]
    [InlineData("lint")]
    public void What_only_looks_changes_nothing(string command) =>
        Assert.All(AccessRules.Of(command), rule => Assert.DoesNotContain(rule.Verbs, verb => verb is not ("get" or "list" or "watch")));

    [Fact]
    public void Enable_may_read_all_that_its_plan_is_made_from() =>
        Assert.All(ModulePlan.Kinds, kind => Assert.Contains(AccessRules.Of("enable"), rule => rule.Kind == kind && rule.Verbs.Contains("list") && rule.Namespace is null));

    [Fact]
    public void Only_disable_may_delete_machine_configs()
    {
        Assert.DoesNotContain(AccessRules.Of("enable"), rule => rule.Kind == ResourceKinds.MachineConfig && rule.Verbs.Contains("delete"));
        Assert.Contains(AccessRules.Of("disable"), rule => rule.Kind == ResourceKinds.MachineConfig && rule.Verbs.Contains("delete"));
    }

    [Theory]
    [InlineData("user:jane", "User")]
    [InlineData("user:system:serviceaccount:a:b", "User")]
    [InlineData("group:sctp admins", "Group")]
    [InlineData("serviceaccount:ci:trunkline", "ServiceAccount")]
    public void Bindings_name_their_subject(string subject, string kind)
    {
        var bindings = RoleManifests.For("enable", subject).Where(item => item["kind"]!.GetValue<string>().EndsWith("Binding", StringComparison.Ordinal)).ToList();
        Assert.Equal(3, bindings.Count);
        Assert.All(bindings, item => Assert.Equal(kind, item["subjects"]![0]!["kind"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("jane")]
    [InlineData("user:")]
    [InlineData("serviceaccount:only")]
    [InlineData("serviceaccount::x")]
    public void A_subject_of_no_kind_is_refused(string subject) => Assert.Throws<FormatException>(() => RoleManifests.For("enable", subject));
}
