using Trunkline.Lab.IntegrationTests.Support;
using Xunit;

namespace Trunkline.Lab.IntegrationTests.Services;

/// <summary>Both families, and load balancers' addresses on the rack, by the answers of servers over SCTP, TCP and UDP.</summary>
[Collection(ServedLabGroup.Name)]
public sealed class DualStackTests(ServedLab served)
{
    private const int Patience = 4;
    private readonly RunningLab _lab = served.Lab;

    [Fact]
    public async Task Pods_and_nodes_have_an_address_of_each_family_and_Pods_talk_over_both()
    {
        foreach (var node in _lab.Handle.Nodes)
        {
            Assert.Equal(string.Join(' ', node.Addresses), await _lab.GetAsync($"node {node.Name}", ".status.addresses[?(@.type==\"InternalIP\")].address"));
        }

        var ips = (await _lab.GetAsync("-n x pod a", ".status.podIPs[*].ip")).Split(' ');
        Assert.Equal(2, ips.Length);
        Assert.StartsWith("fd01:", ips[1], StringComparison.Ordinal);
        foreach (var client in (string[])["web", "stranger"]) // of another node and of the same
        {
            Assert.Equal(Answers(ServedLab.Port, "a"), await AskAsync(client, ips[1], ServedLab.Port));
        }

        Assert.Contains($"{ips[1]}\ta", (await _lab.ShellAsync("a", "cat /etc/hosts", "x")).Succeeded, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_balancer_answers_at_all_its_addresses_of_both_families_inside_and_from_outside()
    {
        await BalancerAsync("balanced", "name: a", 30610, "Cluster");
        var clusterIps = (await _lab.GetAsync("-n x service balanced", ".spec.clusterIPs[*]")).Split(' ');
        var ingress = await IngressAsync("balanced");
        foreach (var address in clusterIps.Concat(ingress))
        {
            await Wait.UntilAsync($"{address} inside", async () => (await AskAsync("web", address, 5000)).SequenceEqual(Answers(5000, "a")));
        }

        foreach (var (address, port) in ingress.Select(ip => (ip, 5000)).Append(("fd00:126::11", 30610)).Append(("fd00:126::12", 30610)))
        {
            await Wait.UntilAsync($"{address} from outside", async () => (await OutsideAsync(address, port)).SequenceEqual(Answers(port, "a")));
        }

        foreach (var address in ingress)
        {
            Assert.Single(await OwnersAsync(address));
        }

        // What is given back is answered for by nobody.
        (await _lab.Kubectl(["-n", "x", "delete", "service", "balanced"])).Succeeded.ToString();
        foreach (var address in ingress)
        {
            await Wait.UntilAsync($"nobody answers for {address}", async () => (await OwnersAsync(address)).Length == 0);
        }
    }

    [Fact]
    public async Task With_policy_Local_the_address_is_where_the_endpoint_is_and_everybody_is_told_when_it_moves()
    {
        await BalancerAsync("local", "name: a", 30611, "Local");
        foreach (var address in await IngressAsync("local"))
        {
            await Wait.UntilAsync($"{address} at worker-0", async () => await OwnersAsync(address) is ["worker-0"] && (await OutsideAsync(address, 5000)).SequenceEqual(Answers(5000, "a")));
        }

        (await _lab.Kubectl(["-n", "x", "patch", "service", "local", "-p", """{"spec":{"selector":{"name":"b"}}}"""])).Succeeded.ToString();
        var hardware = (await _lab.Handle.RunAsync("worker-1", ["cat", "/sys/class/net/eth0/address"], TestContext.Current.CancellationToken)).Output.Trim();
        Assert.Matches("^([0-9a-f]{2}:){5}[0-9a-f]{2}$", hardware);
        foreach (var address in await IngressAsync("local"))
        {
            // The neighbour it knows has been corrected without its asking.
            await Wait.UntilAsync($"{address} at worker-1", async () => await OwnersAsync(address) is ["worker-1"]
                && (await served.Outside.ShellAsync($"ip neigh show to {address}; ip -6 neigh show to {address}")).Output.Contains(hardware, StringComparison.Ordinal));
            await Wait.UntilAsync($"{address} is b", async () => (await OutsideAsync(address, 5000)).SequenceEqual(Answers(5000, "b")));
        }

        (await _lab.Kubectl(["-n", "x", "delete", "service", "local"])).Succeeded.ToString();
    }

    private async Task BalancerAsync(string name, string selector, int nodePort, string policy)
    {
        await _lab.ApplyAsync($$"""
            apiVersion: v1
            kind: Service
            metadata: {name: {{name}} }
            spec:
              type: LoadBalancer
              ipFamilyPolicy: RequireDualStack
              externalTrafficPolicy: {{policy}}
              selector: { {{selector}} }
              ports:
              - {name: s, port: 5000, targetPort: s, protocol: SCTP, nodePort: {{nodePort}} }
              - {name: t, port: 5000, targetPort: {{ServedLab.Port}}, protocol: TCP, nodePort: {{nodePort}} }
              - {name: u, port: 5000, targetPort: {{ServedLab.Port}}, protocol: UDP, nodePort: {{nodePort}} }
            """, "x");
        await Wait.UntilAsync($"addresses of {name}", async () => (await IngressAsync(name)).Length == 2);
    }

    private async Task<string[]> IngressAsync(string service) =>
        (await _lab.GetAsync($"-n x service {service}", ".status.loadBalancer.ingress[*].ip")).Split(' ', StringSplitOptions.RemoveEmptyEntries);

    // The nodes that answer ARP or neighbour discovery for an address.
    private async Task<string[]> OwnersAsync(string address)
    {
        var owners = new List<string>();
        foreach (var node in _lab.Handle.Nodes)
        {
            var proxies = await _lab.Handle.RunAsync(node.Name, ["sh", "-c", "ip -4 neigh show proxy; ip -6 neigh show proxy"], TestContext.Current.CancellationToken);
            if (proxies.Output.Split('\n').Any(line => line.StartsWith(address + " ", StringComparison.Ordinal)))
            {
                owners.Add(node.Name);
            }
        }

        return [.. owners];
    }

    private static string[] Answers(int port, string words) => [.. Talk.Protocols.Select(protocol => $"{protocol}/{port} {words}")];

    private static IEnumerable<(string, int)> All(int port) => Talk.Protocols.Select(protocol => (protocol, port));

    private async Task<string[]> AskAsync(string pod, string address, int port) => Lines(await _lab.ShellAsync(pod, Talk.ToAll(address, All(port), Patience), "x"));

    private async Task<string[]> OutsideAsync(string address, int port) => Lines(await served.Outside.ShellAsync(Talk.ToAll(address, All(port), Patience)));

    private static string[] Lines(Command command) => [.. command.Succeeded.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Trim())];
}
