using System.Text;
using Trunkline.Operations.Objects;
using Trunkline.Operations.Platforms;
using Trunkline.Operations.Tests.Support;
using Xunit;

namespace Trunkline.Operations.Tests.Platforms;

/// <summary>Each platform and network plugin from the objects that a cluster of it has: <c>Cases/NAME/cluster.yaml</c> in, <c>profile.txt</c> out.</summary>
public sealed class ClusterProfileTests
{
    public static TheoryData<string> Cases => [.. CaseFolders.Names("Platforms")];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_cluster_is_known_by_its_objects(string name)
    {
        var objects = await CaseFolders.ObjectsAsync("Platforms", name, TestContext.Current.CancellationToken);
        Assert.Empty(objects.UnreadFiles);
        var said = Told(ClusterProfile.Of(objects));
        Assert.Equal(CaseFolders.Expected("Platforms", name, "profile.txt", said), said);
    }

    [Fact]
    public void Of_nothing_nothing_is_said()
    {
        var profile = ClusterProfile.Of(new ClusterObjects([], [], "nowhere"));
        Assert.Equal(PlatformKind.Unknown, profile.Platform.Kind);
        Assert.Equal(ControlPlaneTopology.Unknown, profile.Platform.Topology);
        Assert.Empty(profile.Network);
        Assert.Empty(profile.Limits);
    }

    private static string Told(ClusterProfile profile)
    {
        var text = new StringBuilder();
        text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{profile.Platform.Kind}: {profile.Platform.Name}, {profile.Platform.Topology}\n");
        foreach (var fact in profile.Platform.Evidence)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"  {fact}\n");
        }

        foreach (var (role, parts) in new[] { ("plugin", profile.Plugins), ("proxy", profile.Proxies), ("other", profile.Others) })
        {
            foreach (var part in parts)
            {
                text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{role} {part.Kind}: {part.Name}\n");
                foreach (var fact in part.Evidence)
                {
                    text.Append(System.Globalization.CultureInfo.InvariantCulture, $"  {fact}\n");
                }

                foreach (var limit in part.Limits)
                {
                    text.Append(System.Globalization.CultureInfo.InvariantCulture, $"  - {limit.Severity} {limit.Area} {limit.Id}\n");
                }
            }
        }

        return text.ToString();
    }
}
