using System.Text.RegularExpressions;
using Trunkline.Lab.IntegrationTests.Support;
using Xunit;

namespace Trunkline.Lab.IntegrationTests.Faults;

/// <summary>A node agent killed in the middle of a transfer: the transfer ends whole, on the same association.</summary>
public sealed partial class TransferTests(RunningLab lab) : IClassFixture<RunningLab>
{
    // Twenty megabytes in about four seconds, so that there is a middle.
    private const string Source = "for i in $(seq 40); do head -c 500000 /dev/urandom; sleep 0.1; done | tee /tmp/sent | nc";

    private const long Middle = 5_000_000;

    [Fact]
    public async Task A_transfer_outlives_both_node_agents()
    {
        await lab.LoadSctpAsync();
        await RunAsync("receiver", "worker-0", "nc -l 30102 --sctp | sha256sum; sleep inf");
        var receiver = (await lab.Kubectl("get pod receiver -o jsonpath={.status.podIP}/{.metadata.uid}")).Succeeded.Split('/');
        await using var capture = await PodCapture.StartAsync(lab, "worker-0", receiver[1], "sctp");
        await RunAsync("sender", "worker-1", $"{Source} {receiver[0]} 30102 --sctp; sha256sum < /tmp/sent; sleep inf");

        await Wait.UntilAsync("the middle of the transfer", () => capture.Length > Middle);
        lab.KillAgent("worker-0");
        lab.KillAgent("worker-1");
        var whenKilled = capture.Length;

        Assert.Equal(await DigestAsync("sender"), await DigestAsync("receiver"));
        var tags = await capture.FieldsAsync("sctp.chunk_type == 0", "sctp.verification_tag");
        Assert.True(capture.Length > whenKilled + Middle, "the transfer had ended before the agents were killed");
        Assert.Single(tags.Distinct());
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
        var digest = "";
        await Wait.UntilAsync($"the digest of {pod}", async () =>
        {
            var log = await lab.Kubectl($"logs {pod}");
            digest = Digest().Match(log.Output).Value;
            return digest.Length > 0;
        });
        return digest;
    }

    [GeneratedRegex("^[0-9a-f]{64}", RegexOptions.Multiline)]
    private static partial Regex Digest();
}
