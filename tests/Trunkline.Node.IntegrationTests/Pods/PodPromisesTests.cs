using Xunit;

namespace Trunkline.Node.IntegrationTests.Pods;

/// <summary>Fields the API server takes are kept by the node, or refused in words: none is left out in silence.</summary>
public sealed class PodPromisesTests
{
    [Fact]
    public async Task A_pod_ends_at_its_deadline()
    {
        await using var bench = await Bench.StartAsync();
        bench.Api.Put(Bench.Spec("late", "trap 'exit 0' TERM; while :; do sleep 0.1; done", ""","activeDeadlineSeconds":2"""));
        await bench.WaitAsync("late", p => p.Status?.Phase == "Running", "Running");
        var pod = await bench.WaitAsync("late", p => p.Status?.Phase == "Failed" && p.Status.ContainerStatuses?[0].State.Terminated is not null, "Failed");
        Assert.Equal(("DeadlineExceeded", "Pod was active on the node longer than the specified deadline"), (pod.Status.Reason, pod.Status.Message));
    }

    // Five addresses, and more Pods than that whose sandbox fails: none of them may keep one when it goes.
    [Fact]
    public async Task Pods_whose_sandbox_fails_leave_no_address_behind()
    {
        await using var bench = await Bench.StartAsync();
        await bench.StopAgentAsync();
        (bench.PodCidr, bench.NetworkFails) = ("10.128.2.0/29", uid => !uid.StartsWith("good", StringComparison.Ordinal));
        bench.StartAgent();
        for (var i = 0; i < 12; i++)
        {
            bench.Api.Put(Bench.Spec($"bad{i}", "true"));
            await Bench.EventuallyAsync(() => bench.Manager.Find("default", $"bad{i}") is { Record.Ips.Count: > 0 }, "a first attempt");
            if (i == 3)
            {
                await bench.RestartAgentAsync(); // what an attempt had is not the next agent's word
                await Bench.EventuallyAsync(() => bench.Manager.Find("default", "bad3") is { Record.Ips.Count: > 0 }, "another attempt");
            }

            bench.Api.Delete($"bad{i}", 0);
            await Bench.EventuallyAsync(() => bench.Manager.Find("default", $"bad{i}") is null, $"bad{i} to go");
        }

        var good = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            bench.Api.Put(Bench.Spec($"good{i}", "sleep 1000").Replace("\"uid\":\"", "\"uid\":\"good", StringComparison.Ordinal));
            good.Add((await bench.WaitAsync($"good{i}", p => p.Status?.Phase == "Running", "Running")).Status.PodIP);
        }

        Assert.Equal(5, good.Distinct().Count());
    }

    [Fact]
    public async Task The_end_of_the_log_is_the_message_of_a_container_that_left_none()
    {
        await using var bench = await Bench.StartAsync();
        const string FromLog = ""","terminationMessagePolicy":"FallbackToLogsOnError" """;
        bench.Api.Put(Bench.Spec("bad", "echo first; echo second >&2; exit 3", ""","restartPolicy":"Never" """, FromLog));
        bench.Api.Put(Bench.Spec("good", "echo first; exit 0", ""","restartPolicy":"Never" """, FromLog));
        var bad = await bench.WaitAsync("bad", p => p.Status?.Phase == "Failed", "Failed");
        var good = await bench.WaitAsync("good", p => p.Status?.Phase == "Succeeded", "Succeeded");
        Assert.Equal("first\nsecond\n", bad.Status.ContainerStatuses[0].State.Terminated.Message);
        Assert.Null(good.Status.ContainerStatuses[0].State.Terminated.Message);
    }

    [Fact]
    public async Task A_subPath_is_bound_once_opened_also_for_a_container_that_starts_again()
    {
        await using var bench = await Bench.StartAsync();
        bench.Api.Put(Bench.Spec("sub", "echo x >> /v/count; [ $(grep -c x /v/count) -ge 2 ] && exec sleep 1000; exit 1", """
            ,"volumes":[{"name":"v","emptyDir":{}},{"name":"h","hostPath":{"path":"/tmp/trunkline-bench-SCRATCH","type":"DirectoryOrCreate"}}]
            """.Replace("SCRATCH", Guid.NewGuid().ToString("N"), StringComparison.Ordinal), """
            ,"volumeMounts":[{"name":"v","mountPath":"/v","subPath":"a/b"},{"name":"h","mountPath":"/h"}]
            """));
        var pod = await bench.WaitAsync("sub", p => p.Status?.ContainerStatuses?[0] is { RestartCount: 1, State.Running: not null }, "started again");
        Assert.Equal("x\nx\n", await File.ReadAllTextAsync(Path.Join(bench.Paths.VolumeDirectory(pod.Metadata.Uid, "v"), "a/b/count"), TestContext.Current.CancellationToken));
        Assert.Equal(2, File.ReadLines("/proc/self/mountinfo").Count(line => line.Contains(bench.Paths.PinDirectory(pod.Metadata.Uid), StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_link_in_a_volume_leads_nowhere()
    {
        await using var bench = await Bench.StartAsync();
        bench.Api.Put(Bench.Spec("linked", "cat /v/*", """
            ,"volumes":[{"name":"v","emptyDir":{}}],
            "initContainers":[{"name":"first","image":"x","command":["ln","-s","/etc","/v/way"],"volumeMounts":[{"name":"v","mountPath":"/v"}]}]
            """, ""","volumeMounts":[{"name":"v","mountPath":"/v","subPath":"way"}]"""));
        var pod = await bench.WaitAsync("linked", p => p.Status?.ContainerStatuses?[0].State.Waiting?.Reason == "CreateContainerConfigError", "refused");
        Assert.Contains("leads through a symbolic link", pod.Status.ContainerStatuses[0].State.Waiting.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_privileged_container_is_refused_and_a_safe_sysctl_is_set()
    {
        await using var bench = await Bench.StartAsync();
        bench.Api.Put(Bench.Spec("privileged", "true", container: ""","securityContext":{"privileged":true}"""));
        bench.Api.Put(Bench.Spec("sysctl", "cat /proc/sys/net/ipv4/ip_local_port_range", """
            ,"restartPolicy":"Never","securityContext":{"sysctls":[{"name":"net.ipv4.ip_local_port_range","value":"40000 40010"}]}
            """));
        var refused = await bench.WaitAsync("privileged", p => p.Status?.ContainerStatuses?[0].State.Waiting?.Reason == "CreateContainerConfigError", "refused");
        Assert.StartsWith("privileged containers are not allowed", refused.Status.ContainerStatuses[0].State.Waiting.Message, StringComparison.Ordinal);
        await bench.WaitAsync("sysctl", p => p.Status?.Phase == "Succeeded", "Succeeded");
        Assert.Contains("40000\t40010", bench.Log("sysctl", "main"), StringComparison.Ordinal);
    }
}
