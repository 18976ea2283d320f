using System.Text.Json.Nodes;
using k8s.Models;
using Trunkline.Node.Runtime.Oci;
using Xunit;

namespace Trunkline.Node.Tests.Runtime;

public sealed class OciSpecTests
{
    [Fact]
    public void A_plain_container_has_crios_capabilities_and_none_more()
    {
        var spec = Build(new V1Container { Name = "c" });
        string[] expected = ["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_NET_BIND_SERVICE", "CAP_SETGID", "CAP_SETPCAP", "CAP_SETUID"];
        foreach (var set in (string[])["bounding", "effective", "permitted"])
        {
            Assert.Equal(expected, Strings(spec["process"]!["capabilities"]![set]!));
        }

        Assert.Null(spec["process"]!["capabilities"]!["ambient"]);
        Assert.Contains("/proc/kcore", Strings(spec["linux"]!["maskedPaths"]!));
        Assert.Contains("/proc/sys", Strings(spec["linux"]!["readonlyPaths"]!));
    }

    [Fact]
    public void Drop_all_and_add_one_leaves_one()
    {
        var spec = Build(new V1Container
        {
            Name = "c",
            SecurityContext = new V1SecurityContext { Capabilities = new V1Capabilities { Drop = ["ALL"], Add = ["NET_RAW"] }, AllowPrivilegeEscalation = false },
        });
        Assert.Equal(["CAP_NET_RAW"], Strings(spec["process"]!["capabilities"]!["bounding"]!));
        Assert.True((bool)spec["process"]!["noNewPrivileges"]!);
    }

    [Fact]
    public void A_kernel_sctp_socket_is_answered_protocol_not_supported()
    {
        var rules = Build(new V1Container { Name = "c" })["linux"]!["seccomp"]!["syscalls"]!.AsArray();
        var rule = Assert.Single(rules, rule => rule!["args"]?[0]?["value"]?.GetValue<uint>() == 132);
        Assert.Equal(("socket", 93, 2), ((string)rule!["names"]![0]!, (int)rule["errnoRet"]!, (int)rule["args"]![0]!["index"]!));
        Assert.Contains(rules, rule => Strings(rule!["names"]!).Contains("init_module"));
    }

    [Fact]
    public void Namespaces_are_the_sandboxes_but_pid_and_mount_are_its_own()
    {
        var namespaces = Build(new V1Container { Name = "c" })["linux"]!["namespaces"]!.AsArray().ToDictionary(ns => (string)ns!["type"]!, ns => (string?)ns!["path"]);
        Assert.Equal(new Dictionary<string, string?> { ["pid"] = null, ["mount"] = null, ["ipc"] = "/i", ["network"] = "/n", ["uts"] = "/u" }, namespaces);
    }

    [Fact]
    public void Limits_become_control_group_values()
    {
        var spec = Build(new V1Container
        {
            Name = "c",
            Resources = new V1ResourceRequirements
            {
                Requests = new Dictionary<string, ResourceQuantity> { ["cpu"] = new("250m") },
                Limits = new Dictionary<string, ResourceQuantity> { ["cpu"] = new("500m"), ["memory"] = new("64Mi") },
            },
        });
        var resources = spec["linux"]!["resources"]!;
        Assert.Equal((256L, 50_000L, 100_000L, 64L << 20),
            ((long)resources["cpu"]!["shares"]!, (long)resources["cpu"]!["quota"]!, (long)resources["cpu"]!["period"]!, (long)resources["memory"]!["limit"]!));
        Assert.False((bool)resources["devices"]![0]!["allow"]!);
    }

    [Theory]
    [InlineData("BestEffort", 0, 1000)]
    [InlineData("Guaranteed", 0, 0)] // -997 is not allowed to who may not lower it
    [InlineData("Guaranteed", -998, -997)]
    public void Who_is_ended_first_follows_the_quality_of_service(string quality, int lowest, int expected)
    {
        var spec = Build(new V1Container { Name = "c" }, quality, lowest);
        Assert.Equal(expected, (int)spec["process"]!["oomScoreAdj"]!);
    }

    [Fact]
    public void A_later_variable_wins_and_a_terminal_says_what_it_is()
    {
        var spec = Build(new V1Container { Name = "c", Tty = true, WorkingDir = "/srv" });
        Assert.Equal(["TERM=xterm", "A=2", "B=1"], Strings(spec["process"]!["env"]!));
        Assert.Equal("/srv", (string)spec["process"]!["cwd"]!);
        Assert.True((bool)spec["process"]!["terminal"]!);
    }

    [Theory]
    [InlineData(null, true, "container has runAsNonRoot and image will run as root")]
    [InlineData(0L, true, "container's runAsUser breaks non-root policy")]
    [InlineData(1000L, true, null)]
    [InlineData(null, false, null)]
    public void Who_must_not_be_root_is_not(long? user, bool mustNot, string? refusal)
    {
        var container = new V1Container { Name = "c", SecurityContext = new V1SecurityContext { RunAsUser = user, RunAsNonRoot = mustNot } };
        Assert.Equal(refusal, OciUser.Refusal(new V1Pod { Spec = new V1PodSpec { Containers = [container] } }, container));
    }

    private static JsonObject Build(V1Container container, string quality = "BestEffort", int lowest = 0)
    {
        var pod = new V1Pod
        {
            Metadata = new V1ObjectMeta { Name = "p", NamespaceProperty = "n", Uid = "u" },
            Spec = new V1PodSpec { Containers = [container] },
            Status = new V1PodStatus { QosClass = quality },
        };
        return OciSpecBuilder.Build(
            new ContainerPlan
            {
                Pod = pod,
                Container = container,
                Root = "/root",
                CgroupPath = "/g",
                Arguments = ["/bin/sh"],
                Environment = [new("A", "1"), new("B", "1"), new("A", "2")],
                Mounts = [],
                NetworkNamespace = "/n",
                UtsNamespace = "/u",
                IpcNamespace = "/i",
                LowestOomScoreAdjustment = lowest,
            }, 1L << 30);
    }

    private static string[] Strings(JsonNode array) => [.. array.AsArray().Select(item => (string)item!)];
}
