using Trunkline.Lab.IntegrationTests.Support;
using Xunit;

namespace Trunkline.Lab.IntegrationTests.Services;

/// <summary>Services by the answers of their servers, over SCTP, TCP and UDP.</summary>
[Collection(ServedLabGroup.Name)]
public sealed class ServicesTests(ServedLab served)
{
    // An INIT is sent again after a second: one packet lost is not silence.
    private const int Patience = 4;
    private static readonly string[] s_nodes = ["192.168.126.11", "192.168.126.12"];
    private readonly RunningLab _lab = served.Lab;

    [Fact]
    public async Task A_service_answers_at_its_cluster_ip_and_from_outside_at_every_worker()
    {
        var address = await ServiceAsync("front", "name: a", 30600);
        Assert.Equal(Answers(5000, "a"), await AskAsync("web", address, 5000)); // from the other node
        Assert.Equal(Answers(5000, "a"), await AskAsync("stranger", address, 5000)); // from the same
        Assert.Equal(Answers(5000, "a"), await AskAsync("a", address, 5000)); // hairpin
        foreach (var node in s_nodes)
        {
            Assert.Equal(Answers(30600, "a"), await OutsideAsync(node, 30600));
        }
    }

    [Fact]
    public async Task A_service_without_endpoints_refuses_and_does_not_keep_silent()
    {
        var address = await ServiceAsync("nobody", "name: nobody", 30601);
        Assert.Equal(Answers(5000, "refused"), await AskAsync("web", address, 5000));
        foreach (var node in s_nodes)
        {
            Assert.Equal(Answers(30601, "refused"), await OutsideAsync(node, 30601));
        }
    }

    [Fact]
    public async Task Endpoints_come_and_go_with_readiness()
    {
        var address = await ServiceAsync("both", "app: echo", 30602);
        await BothAnswerAsync(address);
        (await _lab.ShellAsync("b", "rm /ready", "x")).Succeeded.ToString();
        await Wait.UntilAsync("b to leave", async () => await _lab.GetAsync("-n x pod b", ".status.containerStatuses[0].ready") == "false"
            && await AnswersAsync(address) is ["a"]);
        (await _lab.ShellAsync("b", "touch /ready", "x")).Succeeded.ToString();
        await Wait.UntilAsync("b to come back", async () => await AnswersAsync(address) is ["a", "b"]);

        (await _lab.Kubectl(["-n", "x", "patch", "service", "both", "-p", """{"spec":{"sessionAffinity":"ClientIP"}}"""])).Succeeded.ToString();
        await Wait.UntilAsync("one server for one client", async () => (await AnswersAsync(address)).Length == 1);
    }

    [Fact]
    public async Task A_service_without_selector_serves_the_endpoints_it_is_given()
    {
        await _lab.ApplyAsync("""{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "own"}, "spec": {"ports": [{"name": "s", "port": 7000, "protocol": "SCTP"}]}}""", "x");
        await _lab.ApplyAsync($$$"""
            {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "metadata": {"name": "own-1", "labels": {"kubernetes.io/service-name": "own"}}, "addressType": "IPv4",
             "ports": [{"name": "s", "port": {{{ServedLab.Port + 1}}}, "protocol": "SCTP"}], "endpoints": [{"addresses": ["{{{await served.AddressAsync("b")}}}"]}]}
            """, "x");
        var address = await _lab.GetAsync("-n x service own", ".spec.clusterIP");
        await Wait.UntilAsync("b by its slice", async () => (await _lab.ShellAsync("stranger", Talk.To(address, 7000, "sctp"), "x")).Output == "b\n");
    }

    [Fact]
    public async Task Pods_that_end_leave_the_nodes_sctp_alone()
    {
        var service = _lab.Handle.SctpServicePid("worker-0");
        Assert.NotNull(service);
        var names = Enumerable.Range(0, 6).Select(number => $"brief-{number}").ToArray();
        await Task.WhenAll(names.Select(name => _lab.SleeperAsync("default", name, "worker-0")));
        (await _lab.Kubectl(["delete", "pod", "--grace-period=0", .. names])).Succeeded.ToString();
        await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        Assert.Equal(service, _lab.Handle.SctpServicePid("worker-0"));
    }

    // Three ports of one number, one a protocol: by name, by number, and by the number of the port itself.
    private async Task<string> ServiceAsync(string name, string selector, int nodePort)
    {
        await _lab.ApplyAsync($$"""
            apiVersion: v1
            kind: Service
            metadata: {name: {{name}} }
            spec:
              type: NodePort
              selector: { {{selector}} }
              ports:
              - {name: s, port: 5000, targetPort: s, protocol: SCTP, nodePort: {{nodePort}} }
              - {name: t, port: 5000, targetPort: {{ServedLab.Port}}, protocol: TCP, nodePort: {{nodePort}} }
              - {name: u, port: 5000, targetPort: {{ServedLab.Port}}, protocol: UDP, nodePort: {{nodePort}} }
            """, "x");
        var address = await _lab.GetAsync($"-n x service {name}", ".spec.clusterIP");
        await Wait.UntilAsync($"{name} at the nodes", async () => (await AskAsync("web", address, 5000)).All(line => line.Contains(' ', StringComparison.Ordinal))
            && (await AskAsync("stranger", address, 5000)).All(line => line.Contains(' ', StringComparison.Ordinal)));
        return address;
    }

    private static string[] Answers(int port, string words) => [.. Talk.Protocols.Select(protocol => $"{protocol}/{port} {words}")];

    private static IEnumerable<(string, int)> All(int port) => Talk.Protocols.Select(protocol => (protocol, port));

    private async Task<string[]> AskAsync(string pod, string address, int port) => Lines(await _lab.ShellAsync(pod, Talk.ToAll(address, All(port), Patience), "x"));

    private async Task<string[]> OutsideAsync(string address, int port) => Lines(await served.Outside.ShellAsync(Talk.ToAll(address, All(port), Patience)));

    private static string[] Lines(Command command) => [.. command.Succeeded.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Trim())];

    private Task BothAnswerAsync(string address) => Wait.UntilAsync("both servers", async () => await AnswersAsync(address) is ["a", "b"]);

    private async Task<string[]> AnswersAsync(string address)
    {
        var many = string.Concat(Enumerable.Range(0, 10).Select(_ => $"(echo x | nc -w 1 --sctp {address} 5000) & "));
        return [.. (await _lab.ShellAsync("web", $"{many} wait", "x")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Distinct().Order(StringComparer.Ordinal)];
    }
}
