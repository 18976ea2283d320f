using System.Text.Json.Nodes;
using Trunkline.Lab.IntegrationTests.Services;
using Trunkline.Lab.IntegrationTests.Support;
using Xunit;

namespace Trunkline.Lab.IntegrationTests.Networks;

/// <summary>Pods on secondary networks of both kinds, and MultiNetworkPolicies there, by the answers of a server that is on two of them.</summary>
[Collection(ServedLabGroup.Name)]
public sealed class SecondaryNetworksTests(ServedLab served) : IAsyncLifetime
{
    private const string Left = "10.1.1.1", Right = "10.1.2.1", LeftSix = "fd10:1::1";
    private const string Ns = "nets", OtherNs = "nets-too";
    private static readonly (string, int)[] s_all = [.. Talk.Protocols.Select(protocol => (protocol, ServedLab.Port))];
    private static readonly string s_open = Answer("s", "s", "s");
    private readonly RunningLab _lab = served.Lab;

    public async ValueTask InitializeAsync()
    {
        (await _lab.Kubectl($"create namespace {Ns}")).Succeeded.ToString();
        await _lab.ApplyAsync(
            Network("left", """{"type": "macvlan", "capabilities": {"ips": true}, "ipam": {"type": "static"}}""")
            + Network("right", """{"type": "bridge", "bridge": "br1", "capabilities": {"ips": true}, "ipam": {"type": "static"}}""")
            + Network("odd", """{"type": "sriov"}""")
            + Pod("s", "worker-0", "server", Both(1), $"{Talk.Serve("s", ServedLab.Port)} {Tcp6} wait") + Pod("c", "worker-1", "client", Both(2), "sleep inf")
            + Pod("d", "worker-0", "stranger", """[{"name": "left", "ips": ["10.1.1.3/24", "fd10:1::3/64"]}]""", "sleep inf"), Ns);
        (await _lab.Kubectl($"-n {Ns} wait --for=condition=Ready --timeout=60s pod/s pod/c pod/d")).Succeeded.ToString();
    }

    public async ValueTask DisposeAsync() => await _lab.Kubectl($"delete --ignore-not-found namespace {Ns} {OtherNs}");

    [Fact]
    public async Task What_a_Pod_has_on_its_networks_it_keeps_and_leaves_nothing_behind()
    {
        (await _lab.Kubectl($"create namespace {OtherNs}")).Succeeded.ToString();
        await _lab.ApplyAsync(
            Network("hosted", """
                {"cniVersion": "1.0.0", "name": "hosted", "plugins": [{"type": "bridge", "bridge": "br1", "macspoofchk": true,
                 "ipam": {"type": "host-local", "ranges": [[{"subnet": "10.44.0.0/29"}]], "routes": [{"dst": "10.55.3.4/16"}, {"dst": "0.0.0.0/0"}]}}]}
                """) + Network("wrong", Wrong("10.99.0.1")), OtherNs);
        await _lab.ApplyAsync(Network("left", """{"type": "macvlan", "capabilities": {"ips": true, "mac": true}, "ipam": {"type": "static"}}""")
            + Keeper + Pod("guest", "worker-0", "guest", $"{OtherNs}/hosted@med0", "sleep inf") + Pod("half", "worker-0", "half", $"{OtherNs}/hosted,{OtherNs}/wrong", "sleep inf")
            + Pod("admin", "worker-0", "admin", $"{OtherNs}/hosted", "sleep inf").Replace("image: x,", "image: x, securityContext: {capabilities: {add: [NET_ADMIN]}},", StringComparison.Ordinal), Ns);
        (await _lab.Kubectl($"-n {Ns} wait --for=condition=Ready --timeout=60s pod/keeper pod/guest")).Succeeded.ToString();
        await KeptAsync("at first");
        var hosted = Assert.Single((await HostedAsync("keeper"))!.Split(' ')); // by its status
        Assert.StartsWith("10.44.0.", hosted, StringComparison.Ordinal);
        Assert.NotEqual(hosted, await HostedAsync("guest"));
        (await _lab.ShellAsync("d", $"nc -w 1 10.1.1.9 30102 </dev/null", Ns)).Output.ToString();
        Assert.Contains("02:00:00:00:00:0a", (await _lab.ShellAsync("d", "ip neigh show 10.1.1.9", Ns)).Succeeded, StringComparison.Ordinal); // on the wire
        await Wait.UntilAsync("the guest's answer", async () => await AskAsync("guest", hosted) == Answer("k", "k", "k"));

        await Wait.UntilAsync("words for who asks for too much", async () =>
            (await _lab.GetAsync($"-n {Ns} pod admin", ".status.containerStatuses[0].state.waiting.message")).Contains("NET_ADMIN may not be added in a Pod with secondary networks", StringComparison.Ordinal));
        await Wait.UntilAsync("words for a route that leads nowhere", async () => (await EventsAsync("half")).Contains("Nexthop has invalid gateway", StringComparison.Ordinal));
        await _lab.ApplyAsync(Network("wrong", Wrong("10.45.0.1")), OtherNs);
        (await _lab.Kubectl($"-n {Ns} wait --for=condition=Ready --timeout=60s pod/half")).Succeeded.ToString(); // what half an attempt has left is in nobody's way

        // Another agent finds the interfaces, their routes and policies, and tells again what somebody has taken away.
        var killed = _lab.Handle.AgentPid("worker-0");
        _lab.KillAgent("worker-0");
        (await _lab.Kubectl($"-n {Ns} annotate pod keeper k8s.v1.cni.cncf.io/network-status-")).Succeeded.ToString();
        await Wait.UntilAsync("another agent", () => _lab.Handle.AgentPid("worker-0") is { } now && now != killed);
        await Wait.UntilAsync("the Pod's status", async () => await HostedAsync("keeper") == hosted);
        await KeptAsync("after another agent has come");
        await PolicyAsync("shut", $"{OtherNs}/hosted", "podSelector: {matchLabels: {app: keeper}}, ingress: []");
        await Wait.UntilAsync("the policy", async () => await AskAsync("guest", hosted) == Answer("", "", ""));

        var ports = await PortsAsync();
        (await _lab.Kubectl($"-n {Ns} replace --force -f -", Keeper)).Succeeded.ToString();
        (await _lab.Kubectl($"-n {Ns} wait --for=condition=Ready --timeout=60s pod/keeper")).Succeeded.ToString();
        await KeptAsync("under the same name");
        Assert.Equal(Answer("", "", ""), await AskAsync("guest", (await HostedAsync("keeper"))!)); // the policy was in force before its first process
        await Wait.UntilAsync("the old one's cable to go", async () => await PortsAsync() == ports);
        (await _lab.Kubectl($"-n {Ns} delete pod keeper guest half admin")).Succeeded.ToString();
        await Wait.UntilAsync("all cables to go", async () => await PortsAsync() == ports - 5); // one each, two of half
        Assert.DoesNotContain("/net", await _lab.Handle.ReadFileAsync("worker-0", $"/var/lib/trunkline/networks/{OtherNs}+hosted.json", TestContext.Current.CancellationToken), StringComparison.Ordinal); // and all addresses
    }

    private async Task KeptAsync(string when)
    {
        var seen = (await _lab.ShellAsync("keeper", "ip -o link show sig0; ip route show default; ip route show 10.55.0.0/16", Ns)).Succeeded;
        Assert.True(seen.Contains("02:00:00:00:00:0a", StringComparison.Ordinal) && seen.Contains("default via 10.1.1.254 dev sig0", StringComparison.Ordinal)
            && seen.Contains("default via 10.44.0.1 dev net2 metric 20000", StringComparison.Ordinal) && seen.Contains("10.55.0.0/16 via 10.44.0.1 dev net2", StringComparison.Ordinal), $"{when}: {seen}");
    }

    private async Task<string?> HostedAsync(string pod)
    {
        var text = await _lab.GetAsync($"-n {Ns} pod {pod}", """.metadata.annotations.k8s\.v1\.cni\.cncf\.io/network-status""");
        return text.Length == 0 ? null : (string?)JsonNode.Parse(text)!.AsArray().Single(item => (string)item!["name"]! == $"{OtherNs}/hosted")!["ips"]![0];
    }

    private async Task<int> PortsAsync() => (await _lab.Handle.RunAsync("worker-0", ["ip", "-o", "link", "show", "master", "br1"])).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;

    private static string Keeper { get; } = Pod("keeper", "worker-0", "keeper",
        $$"""[{"name": "left", "interface": "sig0", "ips": ["10.1.1.9/24"], "mac": "02:00:00:00:00:0a", "default-route": ["10.1.1.254"]}, {"name": "hosted", "namespace": "{{OtherNs}}"}]""",
        $"{Talk.Serve("k", ServedLab.Port)} wait");

    private static string Wrong(string gateway) =>
        """{"type": "bridge", "bridge": "br1", "ipam": {"type": "static", "addresses": [{"address": "10.45.0.2/24"}], "routes": [{"dst": "10.46.0.0/16", "gw": "GATEWAY"}]}}"""
            .Replace("GATEWAY", gateway, StringComparison.Ordinal);

    [Fact]
    public async Task Two_networks_carry_all_protocols_and_policies_bind_one_of_them()
    {
        await ExpectAsync("no policy", s_open, s_open, s_open);
        Assert.Equal("s\n", (await SixAsync("c")).Output);
        await StatusAsync();
        Assert.Contains("Operation not permitted", (await _lab.ShellAsync("s", "ip link set net1 down", Ns)).Error, StringComparison.Ordinal);

        await PolicyAsync("only", "left", """podSelector: {matchLabels: {app: server}}, ingress: [{from: [{podSelector: {matchLabels: {app: client}}}], ports: [{protocol: SCTP, port: 30102}]}]""");
        await ExpectAsync("SCTP from clients alone", Answer("s", "", ""), Answer("", "", ""), s_open);
        Assert.Equal("", (await SixAsync("c")).Output);
        await PolicyAsync("only", "left", """podSelector: {matchLabels: {app: server}}, ingress: [{from: [{ipBlock: {cidr: 10.1.1.0/24, except: [10.1.1.2/32]}}]}]""");
        await ExpectAsync("a block with an exception", Answer("", "", ""), s_open, s_open);
        await PolicyAsync("only", "left,right", """podSelector: {matchLabels: {app: client}}, policyTypes: [Egress], egress: [{to: [{podSelector: {matchLabels: {app: server}}}], ports: [{protocol: TCP}]}]""");
        await ExpectAsync("egress to TCP alone, on both networks", Answer("", "s", ""), s_open, Answer("", "s", ""));

        (await _lab.Kubectl($"-n {Ns} label pod c app=other --overwrite")).Succeeded.ToString();
        await ExpectAsync("a label takes the Pod out", s_open, s_open, s_open);
        (await _lab.Kubectl($"-n {Ns} label pod c app=client --overwrite")).Succeeded.ToString();
        await ExpectAsync("and in again", Answer("", "s", ""), s_open, Answer("", "s", ""));
        (await _lab.Kubectl($"-n {Ns} delete multi-networkpolicy only")).Succeeded.ToString();
        await ExpectAsync("no policy again", s_open, s_open, s_open);
    }

    [Fact]
    public async Task A_policy_is_in_force_before_the_first_process_and_cuts_what_stands()
    {
        const string AtOnce = $"(nc -w 2 {Left} 30102 </dev/null; echo end) > /tmp/out 2>&1; sleep inf";
        await PolicyAsync("mute", "left", "podSelector: {matchLabels: {app: mute}}, policyTypes: [Egress], egress: []");
        await _lab.ApplyAsync(
            Pod("mute", "worker-1", "mute", """[{"name": "left", "ips": ["10.1.1.4/24"]}]""", AtOnce) + Pod("free", "worker-1", "free", """[{"name": "left", "ips": ["10.1.1.5/24"]}]""", AtOnce), Ns);
        (await _lab.Kubectl($"-n {Ns} wait --for=condition=Ready --timeout=60s pod/mute pod/free")).Succeeded.ToString();
        await Wait.UntilAsync("both to have tried", async () => await OutAsync("mute") is { Length: > 0 } && await OutAsync("free") is { Length: > 0 });
        Assert.Equal("s\nend\n", await OutAsync("free"));
        Assert.DoesNotContain("s\n", await OutAsync("mute"), StringComparison.Ordinal);

        (await _lab.ShellAsync("s", "(nc -l --sctp --recv-only 30105 > /tmp/lines) </dev/null >/dev/null 2>&1 &", Ns)).Succeeded.ToString();
        (await _lab.ShellAsync("c", $"(while [ ! -e /tmp/stop ] && echo line; do sleep 0.1; done | nc --sctp {Left} 30105) </dev/null >/dev/null 2>&1 &", Ns)).Succeeded.ToString();
        await Wait.UntilAsync("lines", async () => await LinesAsync() > 3);
        await PolicyAsync("cut", "left", "podSelector: {matchLabels: {app: server}}, ingress: []");
        var (before, now) = (0, 0);
        await Wait.UntilAsync("the association to be cut", async () =>
        {
            (before, now) = (now, await LinesAsync());
            await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
            return before == now;
        });
        (await _lab.Kubectl($"-n {Ns} delete multi-networkpolicy cut")).Succeeded.ToString();
        await Wait.UntilAsync("the same association to go on", async () => await LinesAsync() > now + 3);
        (await _lab.ShellAsync("c", "touch /tmp/stop", Ns)).Succeeded.ToString();
    }

    [Fact]
    public async Task What_a_node_does_not_serve_it_refuses_in_an_event()
    {
        await _lab.ApplyAsync(Pod("odd", "worker-0", "odd", "odd", "sleep inf") + Pod("lost", "worker-0", "odd", "nowhere", "sleep inf"), Ns);
        await Wait.UntilAsync("the words", async () =>
            (await EventsAsync("odd")).Contains("of type \"sriov\", which this node does not serve; use \"macvlan\"", StringComparison.Ordinal)
            && (await EventsAsync("lost")).Contains("cannot find a network-attachment-definition (nowhere) in namespace (nets)", StringComparison.Ordinal));
    }

    // nc listens on IPv6 with a port of its own: three servers hold the other on IPv4 and IPv6 alike.
    private static string Tcp6 => "nc -6 -l -k 30106 -c \"echo s\" & ";

    private async Task StatusAsync()
    {
        var text = await _lab.GetAsync($"-n {Ns} pod s", """.metadata.annotations.k8s\.v1\.cni\.cncf\.io/network-status""");
        var list = JsonNode.Parse(text)!.AsArray();
        Assert.Equal(["trunkline", "nets/left", "nets/right"], list.Select(item => (string)item!["name"]!));
        Assert.Equal(["eth0", "net1", "net2"], list.Select(item => (string)item!["interface"]!));
        Assert.Equal([Left, LeftSix], list[1]!["ips"]!.AsArray().Select(ip => (string)ip!));
        Assert.True((bool)list[0]!["default"]!);
        var registry = JsonNode.Parse(await _lab.Handle.ReadFileAsync("worker-0", $"/run/trunkline/sctp/namespaces/{await _lab.GetAsync($"-n {Ns} pod s", ".metadata.uid")}.json"))!;
        Assert.Superset(new HashSet<string> { Left, LeftSix, Right }, registry["addresses"]!.AsArray().Select(ip => (string)ip!).ToHashSet());
    }

    private async Task ExpectAsync(string what, string clientLeft, string strangerLeft, string clientRight)
    {
        var wanted = $"client, left: {clientLeft}\nstranger, left: {strangerLeft}\nclient, right: {clientRight}";
        var seen = "";
        var started = TimeProvider.System.GetTimestamp();
        while (seen != wanted)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(60), $"{what}: wanted\n{wanted}\nbut saw\n{seen}");
            var answers = await Task.WhenAll(AskAsync("c", Left), AskAsync("d", Left), AskAsync("c", Right));
            seen = $"client, left: {answers[0]}\nstranger, left: {answers[1]}\nclient, right: {answers[2]}";
        }
    }

    private static string Answer(string sctp, string tcp, string udp) => $"sctp {sctp}, tcp {tcp}, udp {udp}";

    private async Task<string> AskAsync(string pod, string address)
    {
        // An association that the policy meets half way neither goes on nor ends for minutes: it is no answer.
        var lines = (await _lab.ShellAsync(pod, $"timeout 8 sh -c '{Talk.ToAll(address, s_all)}'", Ns)).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var answers = lines.Select(line => line.Split(' ', 2)).ToDictionary(parts => parts[0].Split('/')[0], parts => parts.Length > 1 ? parts[1].Trim() : "");

        // The Pod's own rules stop what it sends itself, which its kernel says at once: no answer all the same.
        foreach (var (protocol, _) in answers.Where(pair => pair.Value.Contains("Permission denied", StringComparison.Ordinal)).ToList())
        {
            answers[protocol] = "";
        }

        return Answer(answers.GetValueOrDefault("sctp", "?"), answers.GetValueOrDefault("tcp", "?"), answers.GetValueOrDefault("udp", "?"));
    }

    private Task<Command> SixAsync(string pod) => _lab.ShellAsync(pod, $"nc -w 1 {LeftSix} 30106 </dev/null", Ns);

    private async Task<string> OutAsync(string pod) => (await _lab.ShellAsync(pod, "grep -q end /tmp/out 2>/dev/null && cat /tmp/out", Ns)).Output;

    private async Task<int> LinesAsync() => int.Parse((await _lab.ShellAsync("s", "wc -l < /tmp/lines", Ns)).Succeeded, System.Globalization.CultureInfo.InvariantCulture);

    private Task<string> EventsAsync(string pod) => _lab.GetAsync($"-n {Ns} events --field-selector involvedObject.name={pod},reason=FailedCreatePodSandBox", ".items[*].message");

    private Task PolicyAsync(string name, string networks, string spec) => _lab.ApplyAsync($$"""
        apiVersion: k8s.cni.cncf.io/v1beta1
        kind: MultiNetworkPolicy
        metadata: {name: {{name}}, annotations: {k8s.v1.cni.cncf.io/policy-for: '{{networks}}'} }
        spec: { {{spec}} }
        """, Ns);

    private static string Both(int host) =>
        $$"""[{"name": "left", "ips": ["10.1.1.{{host}}/24", "fd10:1::{{host}}/64"]}, {"name": "right", "ips": ["10.1.2.{{host}}/24"]}]""";

    private static string Network(string name, string config) => $$"""
        apiVersion: k8s.cni.cncf.io/v1
        kind: NetworkAttachmentDefinition
        metadata: {name: {{name}} }
        spec: {config: '{{config}}'}
        ---

        """;

    private static string Pod(string name, string node, string app, string networks, string script) => $$"""
        apiVersion: v1
        kind: Pod
        metadata: {name: {{name}}, labels: {app: {{app}} }, annotations: {k8s.v1.cni.cncf.io/networks: '{{networks}}'} }
        spec:
          terminationGracePeriodSeconds: 0
          nodeSelector: {kubernetes.io/hostname: {{node}} }
          containers: [{name: c, image: x, command: [sh, -c, '{{script}}']}]
        ---

        """;
}
