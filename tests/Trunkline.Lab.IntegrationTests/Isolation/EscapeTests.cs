using Trunkline.Lab.IntegrationTests.Services;
using Trunkline.Lab.IntegrationTests.Support;
using Xunit;

namespace Trunkline.Lab.IntegrationTests.Isolation;

/// <summary>Ways by which containers have left their machines: each is refused with words, or leads nowhere.</summary>
[Collection(ServedLabGroup.Name)]
public sealed class EscapeTests(ServedLab served)
{
    private readonly RunningLab _lab = served.Lab;

    public static TheoryData<string, string, string> Refused => new()
    {
        { "privileged", "containers: [{name: c, image: x, securityContext: {privileged: true}}]", "privileged containers are not allowed" },
        { "hostpid", "hostPID: true, containers: [{name: c, image: x}]", "spec.hostPID is not offered" },
        { "hostipc", "hostIPC: true, containers: [{name: c, image: x}]", "spec.hostIPC is not offered" },
        { "sysadmin", "containers: [{name: c, image: x, securityContext: {capabilities: {add: [SYS_ADMIN]}}}]", "capability SYS_ADMIN may not be added" },
        { "every", "containers: [{name: c, image: x, securityContext: {capabilities: {add: [ALL]}}}]", "capability ALL may not be added" },
        { "unconfined", "containers: [{name: c, image: x, securityContext: {seccompProfile: {type: Unconfined}}}]", "seccompProfile must be RuntimeDefault" },
        { "sysctl", "securityContext: {sysctls: [{name: kernel.core_pattern, value: x}]}, containers: [{name: c, image: x}]", "forbidden sysctl" },
    };

    [Fact]
    public async Task What_would_hand_over_the_machine_is_refused_with_words()
    {
        foreach (var (name, spec, _) in Refused.Select(row => row.Data))
        {
            await _lab.ApplyAsync(Pod(name, spec));
        }

        foreach (var (name, _, words) in Refused.Select(row => row.Data))
        {
            await WaitingAsync(name, words);
        }

        (await _lab.Kubectl(["delete", "pod", .. Refused.Select(row => row.Data.Item1)])).Succeeded.ToString();
    }

    [Fact]
    public async Task Volumes_lead_to_nothing_but_what_they_are()
    {
        var host = "containers: [{name: c, image: x, command: [sleep, inf], volumeMounts: [{name: v, mountPath: /v}]}], volumes: [{name: v, hostPath: {path: PATH}}]";
        string Of(string path) => "nodeSelector: {kubernetes.io/hostname: worker-0}, " + host.Replace("PATH", path, StringComparison.Ordinal);
        await _lab.ApplyAsync(Pod("keys", Of("/etc/kubernetes/pki")) + Pod("rootfs", Of("/")) + Pod("dots", Of("/var/log/pods")) + Pod("planter", Of("/tmp")));
        await _lab.ApplyAsync(Pod("linked", """
            initContainers: [{name: i, image: x, command: [ln, -s, /etc/kubernetes/pki, /e/way], volumeMounts: [{name: e, mountPath: /e}]}],
            containers: [{name: c, image: x, volumeMounts: [{name: e, mountPath: /e, subPath: way}]}], volumes: [{name: e, emptyDir: {} }]
            """.ReplaceLineEndings(" ")));
        (await _lab.Kubectl("wait --for=condition=Ready --timeout=60s pod/planter pod/dots")).Succeeded.ToString();
        Assert.NotEqual(0, (await _lab.ShellAsync("dots", "ln -s /etc/kubernetes/pki/node.key /v/0.log")).ExitCode); // what `kubectl logs` would then read
        (await _lab.ShellAsync("planter", "ln -s /etc/kubernetes/pki /v/way")).Succeeded.ToString();
        Assert.Equal("way\n", (await _lab.ShellAsync("planter", "ls /v")).Succeeded); // no program of the node left anything there

        await _lab.ApplyAsync(Pod("follower", Of("/tmp/way")));
        await WaitingAsync("follower", "leads through a symbolic link");
        await WaitingAsync("linked", "leads through a symbolic link");
        foreach (var name in new[] { "keys", "rootfs" })
        {
            await Wait.UntilAsync($"{name} to be refused", async () =>
                (await _lab.GetAsync($"events --field-selector involvedObject.name={name},reason=FailedMount", ".items[*].message")).Contains("shows Pods only", StringComparison.Ordinal));
        }

        (await _lab.Kubectl("delete pod --force keys rootfs dots planter linked follower")).Succeeded.ToString();
    }

    [Fact]
    public async Task The_kernels_ways_out_are_closed_to_root_and_to_host_network()
    {
        await _lab.ApplyAsync(Pod("hostnet", "hostNetwork: true, nodeSelector: {kubernetes.io/hostname: worker-0}, containers: [{name: c, image: x, command: [sleep, inf]}]"));
        (await _lab.Kubectl("wait --for=condition=Ready --timeout=60s pod/hostnet")).Succeeded.ToString();
        foreach (var (pod, ns) in new[] { ("hostnet", "default"), ("stranger", "x") })
        {
            foreach (var attempt in new[]
            {
                "echo '|/bin/true' > /proc/sys/kernel/core_pattern", "echo x > /proc/sysrq-trigger", "head -c 1 /proc/kcore", "unshare -r true", "unshare -m true",
                "nsenter -t 1 -m true", "mkdir /tmp/g && mount -t cgroup -o rdma none /tmp/g", "echo 1 > /sys/fs/cgroup/memory/notify_on_release",
                "mknod /tmp/d b 254 0 && head -c 1 /tmp/d", "mknod /tmp/m c 1 1 && head -c 1 /tmp/m", "cat /proc/1/root/etc/kubernetes/pki/ca.crt",
                "nft list ruleset", "ls /etc/trunkline", "cat /proc/keys | grep .",
            })
            {
                Assert.True((await _lab.ShellAsync(pod, attempt, ns)).ExitCode != 0, $"{pod}: {attempt}");
            }

            // No abstract socket of the node's programs, but for the claim by which raw SCTP sockets of this very namespace agree.
            Assert.Equal("", (await _lab.ShellAsync(pod, "cut -d' ' -f8 /proc/net/unix | grep '^@' | grep -v '^@trunkline-sctp/'", ns)).Output);
        }

        (await _lab.Kubectl("delete pod hostnet")).Succeeded.ToString();
    }

    [Fact]
    public async Task The_agents_of_nodes_answer_nobody_without_a_certificate_and_a_pods_token_reads_no_secret()
    {
        const string Ask = "printf 'GET /pods HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n\\r\\n' | ncat --ssl -w 2 192.168.126.11 10250";
        var answer = await _lab.Handle.RunAsync(LabHandle.External, ["sh", "-c", Ask], TestContext.Current.CancellationToken);
        Assert.DoesNotContain("HTTP/1.1 200", answer.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("PodList", answer.Output, StringComparison.Ordinal);
        var ports = await _lab.ShellAsync("stranger", $"nc -z -w 1 127.0.0.1 {_lab.Handle.Server.Port} || nc -z -w 1 169.254.1.1 {_lab.Handle.Server.Port} || nc -z -w 1 192.168.126.11 {_lab.Handle.Server.Port}", "x");
        Assert.NotEqual(0, ports.ExitCode);

        var token = (await _lab.ShellAsync("stranger", "cat /var/run/secrets/kubernetes.io/serviceaccount/token", "x")).Succeeded;
        var secrets = await Command.RunAsync(Repository.Kubectl,
            ["--kubeconfig", "/dev/null", "--server", _lab.Handle.Server.ToString(), "--insecure-skip-tls-verify", "--token", token, "get", "secrets", "-A"]);
        Assert.Contains("cannot list resource \"secrets\"", secrets.Error, StringComparison.Ordinal);
    }

    private async Task WaitingAsync(string pod, string words) => await Wait.UntilAsync($"{pod} to be refused", async () =>
        (await _lab.GetAsync($"pod {pod}", ".status.containerStatuses[0].state.waiting")) is var waiting
            && waiting.Contains("CreateContainerConfigError", StringComparison.Ordinal) && waiting.Contains(words, StringComparison.Ordinal));

    private static string Pod(string name, string spec) => $$"""
        apiVersion: v1
        kind: Pod
        metadata: {name: {{name}} }
        spec: {terminationGracePeriodSeconds: 0, {{spec}} }
        ---

        """;
}
