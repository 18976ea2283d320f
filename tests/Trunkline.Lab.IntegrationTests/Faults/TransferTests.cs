using System.Text.RegularExpressions;
using Trunkline.Lab.IntegrationTests.Support;
using Xunit;

namespace Trunkline.Lab.IntegrationTests.Faults;

/// <summary>A node agent killed in the middle of a transfer: the transfer ends whole, on the same association.</summary>
public sealed partial class TransferTests(RunningLab lab) : IClassFixture<RunningLab>
{
    // Twenty megabytes in about four seconds, so that there is a middle.
    private const string Source = "for i in $(seq 40); do head -c 500000 /dev/urandom; sleep 0.1; done | tee /tmp/sent | nc";

    [Fact]
    public async Task A_transfer_outlives_both_node_agents()
    {
        (await lab.Kubectl($"create -f {Repository.Manifest("04-machineconfig-load-sctp-module.yaml")}")).Succeeded.ToString();
        (await lab.Kubectl("wait mcp/worker --for=condition=Updating --timeout=60s")).Succeeded.ToString();
        (await lab.Kubectl("wait mcp/worker --for=condition=Updated --timeout=120s")).Succeeded.ToString();

        await RunAsync("receiver", "worker-0", "nc -l 30102 --sctp | sha256sum; sleep inf");
        var receiver = (await lab.Kubectl("get pod receiver -o jsonpath={.status.podIP}/{.metadata.uid}")).Succeeded.Split('/');
        var capture = Path.Combine(Path.GetTempPath(), $"{lab.Name}.pcap");
        var init = (await NodeAsync("worker-0"))["initPid"]!.GetValue<int>();
        var watching = Command.RunAsync(
            "timeout", ["12", "nsenter", "--target", $"{init}", "--mount", "--net", "nsenter", $"--net=/run/netns/{receiver[1]}", "tcpdump", "-Z", "root", "-i", "eth0", "-s", "80", "-w", "-", "sctp"],
            binaryOutput: capture);

        await RunAsync("sender", "worker-1", $"sleep 2; {Source} {receiver[0]} 30102 --sctp; sha256sum < /tmp/sent; sleep inf");
        await Task.Delay(TimeSpan.FromSeconds(4), TestContext.Current.CancellationToken);
        await KillAgentAsync("worker-0");
        await KillAgentAsync("worker-1");
        await watching;

        var sent = await DigestAsync("sender");
        Assert.Equal(sent, await DigestAsync("receiver"));
        var tags = (await Command.RunAsync(
            "tshark", ["-r", capture, "-Y", "sctp.chunk_type == 0", "-T", "fields", "-e", "sctp.verification_tag"])).Succeeded.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(tags.Length > 1000, $"only {tags.Length} packets with DATA were captured");
        Assert.Single(tags.Distinct());
        File.Delete(capture);
    }

    private async Task RunAsync(string name, string node, string script)
    {
        var pod = $$"""
            apiVersion: v1
            kind: Pod
            metadata: {name: {{name}} }
            spec:
              nodeSelector: {kubernetes.io/hostname: {{node}} }
              terminationGracePeriodSeconds: 0
              containers: [{name: c, image: registry.access.redhat.com/ubi8/ubi, command: [sh, -c, '{{script}}']}]
            """;
        (await lab.Kubectl("create -f -", pod)).Succeeded.ToString();
        (await lab.Kubectl($"wait --for=condition=Ready --timeout=60s pod/{name}")).Succeeded.ToString();
    }

    private async Task<string> DigestAsync(string pod)
    {
        for (var i = 0; i < 100; i++)
        {
            var log = await lab.Kubectl($"logs {pod}");
            if (log.ExitCode == 0 && Digest().Match(log.Output) is { Success: true } digest)
            {
                return digest.Value;
            }

            await Task.Delay(200, TestContext.Current.CancellationToken);
        }

        return $"no digest from {pod}";
    }

    private async Task KillAgentAsync(string node)
    {
        var pids = (await NodeAsync(node))["processes"]!.AsArray().Select(p => p!.GetValue<int>())
            .Where(pid => File.Exists($"/proc/{pid}/cmdline") && File.ReadAllText($"/proc/{pid}/cmdline").Contains("node-agent", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(pids);
        foreach (var pid in pids)
        {
            await Command.RunAsync("kill", ["-9", $"{pid}"]);
        }
    }

    private async Task<System.Text.Json.Nodes.JsonNode> NodeAsync(string name) =>
        (await lab.StatusAsync())["nodes"]!.AsArray().First(n => n!["name"]!.GetValue<string>() == name)!;

    [GeneratedRegex("^[0-9a-f]{64}", RegexOptions.Multiline)]
    private static partial Regex Digest();
}
