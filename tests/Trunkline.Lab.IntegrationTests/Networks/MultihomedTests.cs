using System.Diagnostics;
using System.Text;
using Trunkline.Lab.IntegrationTests.Services;
using Trunkline.Lab.IntegrationTests.Support;
using Xunit;

namespace Trunkline.Lab.IntegrationTests.Networks;

/// <summary>
/// An association over two networks (usrsctp, FreeBSD's SCTP in user space, at both ends) outlives the loss of one of them. The Pods are on the control plane, whose node has no SCTP of its
/// own that would answer.
/// </summary>
[Collection(ServedLabGroup.Name)]
public sealed class MultihomedTests(ServedLab served)
{
    private const string Programs = "/usr/lib/usrsctp";
    private const string Node = "control-plane-0";
    private readonly RunningLab _lab = served.Lab;

    [Fact]
    public async Task An_association_lives_on_when_a_policy_cuts_one_of_its_networks()
    {
        Assert.True(Directory.Exists(Programs), "libusrsctp-examples is not installed");
        await _lab.ApplyAsync(Manifest);
        (await _lab.Kubectl("wait --for=condition=Ready --timeout=60s pod/homed pod/caller")).Succeeded.ToString();
        var (uid, clientUid) = (await _lab.GetAsync("pod homed", ".metadata.uid"), await _lab.GetAsync("pod caller", ".metadata.uid"));
        var stop = Path.Combine(Path.GetTempPath(), $"{_lab.Name}-stop");
        try
        {
            await using var server = new Said(_lab.Handle.Start(Node, ["nsenter", $"--net=/run/netns/{uid}", "stdbuf", "-oL", $"{Programs}/discard_server"]));
            await using var client = new Said(_lab.Handle.Start(Node,
                ["nsenter", $"--net=/run/netns/{clientUid}", "sh", "-c", $"sleep 1; while [ ! -e {stop} ]; do echo line; sleep 0.2; done | stdbuf -oL {Programs}/client 10.7.1.1 9"]));
            await Wait.UntilAsync("lines", () => server.Count("Msg of length") > 5);
            await Wait.UntilAsync("the second path", () => client.Count("Peer address 10.7.2.1 is now SCTP_ADDR_CONFIRMED") > 0);

            await _lab.ApplyAsync(Policy);
            await Wait.UntilAsync("packets to be cut", async () => (await DroppedAsync(uid)) > 0);
            var sofar = server.Count("Msg of length");
            await Wait.UntilAsync("the association to go on", () => server.Count("Msg of length") > sofar + 10);
            Assert.Equal(1, client.Count("SCTP_COMM_UP"));
            Assert.Equal(0, client.Count("SCTP_COMM_LOST"));
        }
        finally
        {
            await File.WriteAllTextAsync(stop, "", CancellationToken.None);
            (await _lab.Kubectl("delete --ignore-not-found pod/homed pod/caller multi-networkpolicy/cut-one net-attach-def/one net-attach-def/two")).Succeeded.ToString();
            File.Delete(stop);
        }
    }

    private async Task<int> DroppedAsync(string uid)
    {
        var rules = (await _lab.Handle.RunAsync(Node, ["nsenter", $"--net=/run/netns/{uid}", "nft", "list", "chain", "inet", "trunkline", "in_0"])).Output;
        var words = rules.Split(' ');
        var at = Array.LastIndexOf(words, "packets");
        return at < 0 ? 0 : int.Parse(words[at + 1], System.Globalization.CultureInfo.InvariantCulture);
    }

    private const string Manifest = $$$"""
        apiVersion: k8s.cni.cncf.io/v1
        kind: NetworkAttachmentDefinition
        metadata: {name: one}
        spec: {config: '{"type": "macvlan", "master": "eth1", "ipam": {"type": "static"}, "capabilities": {"ips": true}}'}
        ---
        apiVersion: k8s.cni.cncf.io/v1
        kind: NetworkAttachmentDefinition
        metadata: {name: two}
        spec: {config: '{"type": "bridge", "bridge": "br1", "ipam": {"type": "static"}, "capabilities": {"ips": true}}'}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: homed, labels: {app: homed}, annotations: {k8s.v1.cni.cncf.io/networks: '[{"name": "one", "ips": ["10.7.1.1/24"]}, {"name": "two", "ips": ["10.7.2.1/24"]}]'}}
        spec:
          terminationGracePeriodSeconds: 0
          nodeName: {{{Node}}}
          containers: [{name: c, image: x, command: [sleep, inf]}]
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: caller, annotations: {k8s.v1.cni.cncf.io/networks: '[{"name": "one", "ips": ["10.7.1.2/24"]}, {"name": "two", "ips": ["10.7.2.2/24"]}]'}}
        spec:
          terminationGracePeriodSeconds: 0
          nodeName: {{{Node}}}
          containers: [{name: c, image: x, command: [sleep, inf]}]
        """;

    private const string Policy = """
        apiVersion: k8s.cni.cncf.io/v1beta1
        kind: MultiNetworkPolicy
        metadata: {name: cut-one, annotations: {k8s.v1.cni.cncf.io/policy-for: one}}
        spec: {podSelector: {matchLabels: {app: homed}}, policyTypes: [Ingress], ingress: []}
        """;

    /// <summary>A program that runs, and what it has said so far.</summary>
    private sealed class Said : IAsyncDisposable
    {
        private readonly Process _process;
        private readonly StringBuilder _text = new();

        public Said(Process process)
        {
            _process = process;
            process.OutputDataReceived += (_, line) => Add(line.Data);
            process.ErrorDataReceived += (_, line) => Add(line.Data);
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
        }

        public int Count(string words)
        {
            lock (_text)
            {
                return _text.ToString().Split(words).Length - 1;
            }
        }

        public async ValueTask DisposeAsync()
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        // Of what is worth keeping: the programs tell each packet.
        private void Add(string? line)
        {
            if (line is not null && (line.StartsWith("Msg", StringComparison.Ordinal) || line.Contains("Peer address", StringComparison.Ordinal) || line.Contains("SCTP_COMM", StringComparison.Ordinal)))
            {
                lock (_text)
                {
                    _text.AppendLine(line);
                }
            }
        }
    }
}
