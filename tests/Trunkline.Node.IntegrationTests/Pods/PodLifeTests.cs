using k8s.Models;
using Xunit;

namespace Trunkline.Node.IntegrationTests.Pods;

public sealed class PodLifeTests
{
    [Fact]
    public async Task A_pod_runs_with_its_own_namespaces_files_and_environment_and_ends_when_asked()
    {
        await using var bench = await Bench.StartAsync();
        bench.Api.Put(Bench.Spec("one", """
            hostname; cat /etc/hosts /etc/resolv.conf; env; id; ls /proc | grep -c '^[0-9]'; grep -E 'CapEff|Seccomp:' /proc/self/status
            cat /var/run/secrets/kubernetes.io/serviceaccount/token; echo; cat /var/run/secrets/kubernetes.io/serviceaccount/namespace; echo
            trap 'echo asked; exit 0' TERM; echo up; while :; do sleep 0.1; done
            """, container: """
            ,"env":[{"name":"MY_IP","valueFrom":{"fieldRef":{"fieldPath":"status.podIP"}}},{"name":"TWICE","value":"$(MY_IP)+$(MY_IP)"}]
            """));
        var pod = await bench.WaitAsync("one", p => p.Status?.Phase == "Running", "Running");

        Assert.Equal("10.128.2.2", pod.Status.PodIP);
        Assert.True(pod.Status.ContainerStatuses[0].Ready);
        Assert.Equal("True", pod.Status.Conditions.Single(c => c.Type == "Ready").Status);
        Assert.Contains("trunkline/base", pod.Status.ContainerStatuses[0].ImageID, StringComparison.Ordinal);
        Assert.Equal(["attach 10.128.2.2", "policies 10.128.2.2"], bench.Network);
        await Bench.EventuallyAsync(() => bench.Log("one", "main").Contains("stdout F up", StringComparison.Ordinal), "the script's last word", () => bench.Log("one", "main"));
        var log = bench.Log("one", "main");
        foreach (var expected in (string[])[" one\n", "10.128.2.2\tone", "nameserver 172.30.0.10", "KUBERNETES_SERVICE_HOST=172.30.0.1",
            "TWICE=10.128.2.2+10.128.2.2", "uid=0(root)", "a-token", "CapEff:\t00000000000005fb", "Seccomp:\t2"])
        {
            Assert.Contains(expected, log, StringComparison.Ordinal);
        }

        Assert.Contains($"\"netns\":\"{bench.Paths.NetworkNamespaces}/{pod.Metadata.Uid}\"",
            await File.ReadAllTextAsync(Path.Join(bench.Paths.SctpNamespaces, pod.Metadata.Uid + ".json"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        bench.Api.Delete("one", 5);
        await Bench.EventuallyAsync(() => bench.Api.Pod("one") is null, "deleted by its node");
        Assert.False(Directory.Exists(bench.Paths.PodDirectory(pod.Metadata.Uid)));
        Assert.False(File.Exists(Path.Join(bench.Paths.NetworkNamespaces, pod.Metadata.Uid)));
        Assert.False(File.Exists(Path.Join(bench.Paths.SctpNamespaces, pod.Metadata.Uid + ".json")));
    }

    [Fact]
    public async Task A_pod_that_ends_succeeds_or_fails_with_its_exit_code_and_keeps_its_log()
    {
        await using var bench = await Bench.StartAsync();
        bench.Api.Put(Bench.Spec("good", "echo done", """,  "restartPolicy":"Never" """));
        bench.Api.Put(Bench.Spec("bad", "echo why > /dev/termination-log; exit 7", """, "restartPolicy":"Never" """));
        var good = await bench.WaitAsync("good", p => p.Status?.Phase == "Succeeded", "Succeeded");
        var bad = await bench.WaitAsync("bad", p => p.Status?.Phase == "Failed", "Failed");

        Assert.Equal("Completed", good.Status.ContainerStatuses[0].State.Terminated.Reason);
        Assert.Equal((7, "Error", "why\n"), (bad.Status.ContainerStatuses[0].State.Terminated.ExitCode,
            bad.Status.ContainerStatuses[0].State.Terminated.Reason, bad.Status.ContainerStatuses[0].State.Terminated.Message));
        Assert.Contains("stdout F done", bench.Log("good", "main"), StringComparison.Ordinal);
        await Bench.EventuallyAsync(() => bench.Network.Count(line => line == "detach") == 2, "both off the network");
    }

    [Fact]
    public async Task A_crashing_container_is_restarted_at_once_and_then_backed_off()
    {
        await using var bench = await Bench.StartAsync();
        bench.Api.Put(Bench.Spec("crash", "exit 3"));
        var pod = await bench.WaitAsync("crash", p => p.Status?.ContainerStatuses?[0].State.Waiting?.Reason == "CrashLoopBackOff", "CrashLoopBackOff");

        Assert.Equal(1, pod.Status.ContainerStatuses[0].RestartCount);
        Assert.Equal(3, pod.Status.ContainerStatuses[0].LastState.Terminated.ExitCode);
        Assert.Equal("Running", pod.Status.Phase);
        Assert.StartsWith("back-off 10s restarting failed container=main pod=crash_default(", pod.Status.ContainerStatuses[0].State.Waiting.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restarted_agent_finds_its_pods_and_does_not_touch_what_runs()
    {
        await using var bench = await Bench.StartAsync();
        bench.Api.Put(Bench.Spec("stays", "echo started; exec sleep 1000"));
        bench.Api.Put(Bench.Spec("ends", "while [ ! -e /tmp/end ]; do sleep 0.05; done; exit 5", """, "restartPolicy":"Never" """));
        var before = await bench.WaitAsync("stays", p => p.Status?.Phase == "Running", "Running");
        var ends = await bench.WaitAsync("ends", p => p.Status?.Phase == "Running", "Running");
        await bench.RestartAgentAsync();
        await Bench.EventuallyAsync(() => bench.Manager.Find("default", "ends") is not null, "found again");
        var id = ends.Status.ContainerStatuses[0].ContainerID["runc://".Length..];
        await File.WriteAllTextAsync(Path.Join(bench.Paths.ContainerDirectory(ends.Metadata.Uid, id), "root/tmp/end"), "", TestContext.Current.CancellationToken);
        var ended = await bench.WaitAsync("ends", p => p.Status?.Phase == "Failed", "Failed");
        var after = await bench.WaitAsync("stays", p => p.Status?.Phase == "Running", "Running");

        Assert.Equal(5, ended.Status.ContainerStatuses[0].State.Terminated.ExitCode);
        Assert.Equal(before.Status.ContainerStatuses[0].ContainerID, after.Status.ContainerStatuses[0].ContainerID);
        Assert.Equal(0, after.Status.ContainerStatuses[0].RestartCount);
        Assert.Equal(1, bench.Log("stays", "main").Split("started").Length - 1);
    }

    [Fact]
    public async Task Init_containers_run_first_volumes_are_shared_and_probes_decide_readiness()
    {
        await using var bench = await Bench.StartAsync();
        bench.Api.ConfigMaps["settings"] = System.Text.Json.Nodes.JsonNode.Parse("""{"metadata":{"name":"settings"},"data":{"color":"blue"}}""")!;
        bench.Api.Put(Bench.Spec("whole", "cat /shared/from-init /conf/color; echo; trap 'exit 0' TERM; sleep 0.5; echo > /tmp/ready; while :; do sleep 0.1; done", """
            ,"volumes":[{"name":"shared","emptyDir":{}},{"name":"conf","configMap":{"name":"settings"}}],
            "initContainers":[{"name":"first","image":"x","command":["/bin/sh","-c","echo hello > /shared/from-init"],
              "volumeMounts":[{"name":"shared","mountPath":"/shared"}]}]
            """, """
            ,"volumeMounts":[{"name":"shared","mountPath":"/shared"},{"name":"conf","mountPath":"/conf"}],
            "readinessProbe":{"exec":{"command":["cat","/tmp/ready"]},"periodSeconds":1}
            """));
        await bench.WaitAsync("whole", p => p.Status?.Phase == "Running" && p.Status.ContainerStatuses[0].Ready == false, "running and not ready");
        var pod = await bench.WaitAsync("whole", p => p.Status?.ContainerStatuses?[0].Ready == true, "ready");

        Assert.Equal("Completed", pod.Status.InitContainerStatuses[0].State.Terminated.Reason);
        Assert.Contains("hello", bench.Log("whole", "main"), StringComparison.Ordinal);
        Assert.Contains("blue", bench.Log("whole", "main"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_started_says_why()
    {
        await using var bench = await Bench.StartAsync();
        bench.Api.Put("""
            {"metadata":{"name":"nothere","namespace":"default","uid":"11111111-2222-3333-4444-555555555555","creationTimestamp":"2026-01-01T00:00:00Z"},
             "spec":{"containers":[{"name":"main","image":"x","command":["/bin/no-such-program"]}]}}
            """);
        bench.Api.Put(Bench.Spec("nomap", "echo", container: """, "env":[{"name":"A","valueFrom":{"configMapKeyRef":{"name":"missing","key":"k"}}}] """));
        var program = await bench.WaitAsync("nothere", p => p.Status?.ContainerStatuses?[0].State.Waiting?.Reason == "CreateContainerError", "CreateContainerError");
        var map = await bench.WaitAsync("nomap", p => p.Status?.ContainerStatuses?[0].State.Waiting?.Reason == "CreateContainerConfigError", "CreateContainerConfigError");

        Assert.Contains("no such file", program.Status.ContainerStatuses[0].State.Waiting.Message, StringComparison.Ordinal);
        Assert.Equal("configmap \"missing\" not found", map.Status.ContainerStatuses[0].State.Waiting.Message);
    }

    [Fact]
    public async Task A_killed_monitor_ends_its_container_which_is_then_started_again()
    {
        await using var bench = await Bench.StartAsync();
        bench.Api.Put(Bench.Spec("watched", "exec sleep 1000"));
        var pod = await bench.WaitAsync("watched", p => p.Status?.Phase == "Running", "Running");
        var id = pod.Status.ContainerStatuses[0].ContainerID["runc://".Length..];
        var conmon = int.Parse(await File.ReadAllTextAsync(Path.Join(bench.Paths.Bundle(id), "conmon.pid"), TestContext.Current.CancellationToken),
            System.Globalization.CultureInfo.InvariantCulture);
        System.Diagnostics.Process.GetProcessById(conmon).Kill();
        var again = await bench.WaitAsync("watched", p => p.Status?.ContainerStatuses?[0] is { RestartCount: 1, State.Running: not null }, "started again");

        Assert.Equal("ContainerStatusUnknown", again.Status.ContainerStatuses[0].LastState.Terminated.Reason);
    }
}
