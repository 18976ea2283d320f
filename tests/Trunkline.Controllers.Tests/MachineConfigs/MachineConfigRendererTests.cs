using System.Text.Json.Nodes;
using Trunkline.Controllers.MachineConfigs.Models;
using Trunkline.Controllers.MachineConfigs.Rendering;
using Trunkline.Controllers.Tests.Support;

namespace Trunkline.Controllers.Tests.MachineConfigs;

public class MachineConfigRendererTests
{
    [Fact]
    public void The_guides_config_is_rendered_with_both_files()
    {
        var rendered = Render(Make.Config("00-worker"), Make.LoadSctp());
        Assert.Matches("^rendered-worker-[0-9a-f]{32}$", rendered.Metadata.Name);
        Assert.Equal("3.5.0", (string?)rendered.Spec.Config!["ignition"]!["version"]);
        var files = rendered.Spec.Config["storage"]!["files"]!.AsArray();
        Assert.Equal(["/etc/modprobe.d/sctp-blacklist.conf", "/etc/modules-load.d/sctp-load.conf"], files.Select(f => (string?)f!["path"]));
        Assert.All(files, f => Assert.Equal(420, (int)f!["mode"]!));
        var owner = Assert.Single(rendered.Metadata.OwnerReferences);
        Assert.True(owner is { Kind: "MachineConfigPool", Name: "worker", Controller: true, BlockOwnerDeletion: true });
        Assert.NotEmpty(rendered.Metadata.Annotations[MachineConfigNames.GeneratedBy]);
    }

    [Fact]
    public void The_same_content_has_the_same_name_whatever_the_order_of_keys()
    {
        var one = Render(Make.Config("a", """{"ignition":{"version":"3.2.0"},"storage":{"files":[{"path":"/etc/a","mode":420}]}}"""));
        var two = Render(Make.Config("a", """{"storage":{"files":[{"mode":420,"path":"/etc/a"}]},"ignition":{"version":"3.4.0"}}"""));
        var three = Render(Make.Config("a", """{"ignition":{"version":"3.2.0"},"storage":{"files":[{"path":"/etc/a","mode":384}]}}"""));
        Assert.Equal(one.Metadata.Name, two.Metadata.Name);
        Assert.NotEqual(one.Metadata.Name, three.Metadata.Name);
    }

    [Fact]
    public void Worker_configs_come_first_then_other_roles_each_by_name() =>
        Assert.Equal(["01-worker", "99-worker", "00-infra", "50-infra"], MachineConfigRenderer.Order(
        [
            Make.Config("50-infra", role: "infra"), Make.Config("99-worker"), Make.Config("00-infra", role: "infra"), Make.Config("01-worker"),
        ]).Select(c => c.Metadata.Name));

    [Fact]
    public void A_later_file_replaces_fields_and_new_contents_reset_compression()
    {
        var file = Assert.Single(Files(
            Make.Config("1", """{"ignition":{"version":"3.2.0"},"storage":{"files":[{"path":"/etc/a","mode":384,"contents":{"source":"data:;base64,H4s=","compression":"gzip"}}]}}"""),
            Make.Config("2", """{"ignition":{"version":"3.2.0"},"storage":{"files":[{"path":"/etc/a","contents":{"source":"data:,x"}}]}}""")));
        Assert.Equal("""{"path":"/etc/a","mode":384,"contents":{"source":"data:,x"},"overwrite":true}""", file.ToJsonString());
    }

    [Fact]
    public void Overwrite_that_is_not_said_means_yes_and_one_that_is_said_stays()
    {
        var files = Files(Make.Config("1", """{"ignition":{"version":"3.2.0"},"storage":{"files":[{"path":"/etc/a"},{"path":"/etc/b","overwrite":false}]}}"""));
        Assert.Equal([true, false], files.Select(f => (bool)f["overwrite"]!));
    }

    [Fact]
    public void Units_merge_by_name_with_their_dropins()
    {
        var spec = Render(
            Make.Config("1", """{"ignition":{"version":"3.2.0"},"systemd":{"units":[{"name":"a.service","enabled":true,"dropins":[{"name":"10.conf","contents":"x"}]}]}}"""),
            Make.Config("2", """{"ignition":{"version":"3.2.0"},"systemd":{"units":[{"name":"a.service","dropins":[{"name":"10.conf","contents":"y"},{"name":"20.conf"}]}]}}""")).Spec;
        Assert.Equal("""[{"name":"a.service","enabled":true,"dropins":[{"name":"10.conf","contents":"y"},{"name":"20.conf"}]}]""",
            spec.Config!["systemd"]!["units"]!.ToJsonString());
    }

    [Fact]
    public void Everything_but_ignition_adds_up()
    {
        var spec = Render(
            Make.Config("1", with: s => (s.KernelArguments, s.Extensions, s.KernelType, s.Fips) = (["a"], ["usbguard"], "realtime", true)),
            Make.Config("2", with: s => (s.KernelArguments, s.Extensions, s.Fips) = (["b"], ["kerberos", "usbguard"], false))).Spec;
        Assert.Equal(["a", "b"], spec.KernelArguments!);
        Assert.Equal(["kerberos", "usbguard"], spec.Extensions!);
        Assert.Equal("realtime", spec.KernelType);
        Assert.True(spec.Fips);
    }

    [Fact]
    public void Version_2_2_is_converted()
    {
        var file = Assert.Single(Files(Make.Config("1",
            """{"ignition":{"version":"2.2.0"},"storage":{"files":[{"path":"/etc/modules-load.d/sctp-load.conf","mode":420,"filesystem":"root","contents":{"source":"data:text/plain;charset=utf-8,sctp"}}]}}""")));
        Assert.Null(file["filesystem"]);
        Assert.True((bool)file["overwrite"]!);
    }

    [Theory]
    [InlineData("""{"ignition":{"version":"9.0.0"}}""", "parsing Ignition config failed: unknown version. Supported spec versions: 2.2, 3.0, 3.1, 3.2, 3.3, 3.4, 3.5")]
    [InlineData("""{"storage":{}}""", "parsing Ignition config failed: invalid version. Supported spec versions: 2.2, 3.0, 3.1, 3.2, 3.3, 3.4, 3.5")]
    [InlineData("""[1]""", "json: cannot unmarshal")]
    [InlineData("""{"ignition":{"version":3}}""", "json: cannot unmarshal number 3 into Go struct field ignition.version of type string")]
    [InlineData("""{"ignition":{"version":"3.2.0"},"storage":{"files":{}}}""", "json: cannot unmarshal object into Go struct field storage.files of type array")]
    [InlineData("""{"ignition":{"version":"3.2.0"},"storage":{"files":[null]}}""", "of type object")]
    [InlineData("""{"ignition":{"version":"3.2.0"},"storage":{"files":[{"path":"/etc/a","mode":"0644"}]}}""", "json: cannot unmarshal string into Go struct field storage.files.0.mode of type int")]
    [InlineData("""{"ignition":{"version":"3.2.0"},"storage":{"files":[{"path":"/etc/a","mode":644000}]}}""", "invalid mode 02351640 for /etc/a, cannot exceed 0777")]
    [InlineData("""{"ignition":{"version":"3.2.0"},"storage":{"files":[{"path":"/etc/a","mode":-1}]}}""", "invalid mode -01 for /etc/a")]
    [InlineData("""{"ignition":{"version":"3.2.0"},"storage":{"files":[{"path":"etc/a"}]}}""", "path not absolute")]
    [InlineData("""{"ignition":{"version":"3.2.0"},"storage":{"files":[{"path":"/etc/../../a"}]}}""", "path is not clean")]
    [InlineData("""{"ignition":{"version":"3.2.0"},"storage":{"files":[{}]}}""", "path is required")]
    [InlineData("""{"ignition":{"version":"3.2.0"},"storage":{"files":[{"path":"/a"},{"path":"/a"}]}}""", "duplicate entry defined")]
    [InlineData("""{"ignition":{"version":"3.2.0"},"storage":{"files":[{"path":"/a","append":[{"source":"data:,x"}]}]}}""", "ignition file append is not supported")]
    [InlineData("""{"ignition":{"version":"3.2.0"},"storage":{"files":[{"path":"/a","contents":{"source":"https://example.org"}}]}}""", "invalid url scheme")]
    [InlineData("""{"ignition":{"version":"3.2.0"},"storage":{"files":[{"path":"/a","contents":{"source":"data:;base64,***"}}]}}""", "unable to decode base64")]
    [InlineData("""{"ignition":{"version":"3.2.0"},"storage":{"files":[{"path":"/a","contents":{"source":"data:,%zz"}}]}}""", "invalid URL escape")]
    [InlineData("""{"ignition":{"version":"3.2.0"},"storage":{"files":[{"path":"/a","contents":{"source":"data:,x","compression":"xz"}}]}}""", "invalid compression method")]
    [InlineData("""{"ignition":{"version":"3.2.0"},"storage":{"directories":[{"path":"/a"}]}}""", "directories section contains changes")]
    [InlineData("""{"ignition":{"version":"3.2.0"},"storage":{"links":[{"path":"/a"}]}}""", "links section contains changes")]
    [InlineData("""{"ignition":{"version":"3.2.0"},"passwd":{"users":[{"name":"root"}]}}""", "non-core user")]
    public void Bad_ignition_is_refused_with_its_reason(string json, string words)
    {
        var e = Assert.Throws<IgnitionException>(() => Render(Make.Config("99-bad", json)));
        Assert.Contains(words, e.Message, StringComparison.Ordinal);
    }

    private static MachineConfig Render(params MachineConfig[] configs) => MachineConfigRenderer.Render(Make.Pool(), configs, "0.1.0");

    private static List<JsonNode> Files(params MachineConfig[] configs) => [.. Render(configs).Spec.Config!["storage"]!["files"]!.AsArray().Select(f => f!)];
}
