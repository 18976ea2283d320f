using Trunkline.Lab.IntegrationTests.Support;
using Xunit;

namespace Trunkline.Lab.IntegrationTests.Services;

/// <summary>NetworkPolicies by who still gets an answer: three clients, three protocols, two ports.</summary>
[Collection(ServedLabGroup.Name)]
public sealed class PoliciesTests(ServedLab served) : IAsyncDisposable
{
    private const string OnServer = "podSelector: {matchLabels: {app: echo}}";
    private const string OnWeb = "podSelector: {matchLabels: {role: web}}";
    private static readonly (string, int)[] s_targets = [("sctp", 30102), ("sctp", 30103), ("tcp", 30102), ("udp", 30102)];
    private static readonly string[] s_all = ["sctp/30102", "sctp/30103", "tcp/30102", "udp/30102"];
    private readonly RunningLab _lab = served.Lab;

    /// <summary>A test that failed leaves nothing closed for those after it.</summary>
    public async ValueTask DisposeAsync()
    {
        (await _lab.Kubectl("-n x delete networkpolicy --all")).Succeeded.ToString();
        (await _lab.Kubectl("delete clusternetworkpolicy --all")).Succeeded.ToString();
    }

    [Fact]
    public async Task Policies_let_through_what_they_say_and_nothing_else()
    {
        var server = await served.AddressAsync("a");
        var stranger = await served.AddressAsync("stranger");
        await ExpectAsync(server, "no policy", s_all, s_all, s_all);
        await RowAsync(server, "empty rules deny", $"{OnServer}, ingress: []", [], [], []);
        Assert.Equal("true", await _lab.GetAsync("-n x pod a", ".status.containerStatuses[0].ready")); // its node always reaches it
        Assert.Contains($"{await served.AddressAsync("web")} . {server} . sctp . 30102", await DroppedAsync(), StringComparison.Ordinal);
        await RowAsync(server, "podSelector", $"{OnServer}, ingress: [{{from: [{{{OnWeb}}}]}}]", s_all, [], []);
        await RowAsync(server, "namespaceSelector", $"{OnServer}, ingress: [{{from: [{{namespaceSelector: {{matchLabels: {{team: blue}}}}}}]}}]", [], [], s_all);
        await RowAsync(server, "two peers are OR", $"{OnServer}, ingress: [{{from: [{{namespaceSelector: {{matchLabels: {{team: blue}}}}}}, {{{OnWeb}}}]}}]", s_all, [], s_all);
        await RowAsync(server, "one peer of both is AND",
            $"{OnServer}, ingress: [{{from: [{{namespaceSelector: {{matchLabels: {{team: red}}}}, podSelector: {{matchLabels: {{role: none}}}}}}]}}]", [], s_all, []);
        await RowAsync(server, "ipBlock with except", $"{OnServer}, ingress: [{{from: [{{ipBlock: {{cidr: 10.128.0.0/14, except: [{stranger}/32]}}}}]}}]", s_all, [], s_all);
        await RowAsync(server, "an empty rule allows all", $"{OnServer}, ingress: [{{}}]", s_all, s_all, s_all);
        await RowAsync(server, "SCTP opens no TCP", $"{OnServer}, ingress: [{{ports: [{{protocol: SCTP, port: 30102}}]}}]", ["sctp/30102"], ["sctp/30102"], ["sctp/30102"]);
        await RowAsync(server, "a named port", $"{OnServer}, ingress: [{{ports: [{{protocol: SCTP, port: second}}]}}]", ["sctp/30103"], ["sctp/30103"], ["sctp/30103"]);
        await RowAsync(server, "a range", $"{OnServer}, ingress: [{{from: [{{{OnWeb}}}], ports: [{{protocol: SCTP, port: 30100, endPort: 30103}}]}}]",
            ["sctp/30102", "sctp/30103"], [], []);
        await RowAsync(server, "a protocol without port", $"{OnServer}, ingress: [{{ports: [{{protocol: UDP}}]}}]", ["udp/30102"], ["udp/30102"], ["udp/30102"]);
        await RowAsync(server, "egress by rules alone", $"{OnWeb}, egress: [{{to: [{{{OnServer}}}], ports: [{{protocol: SCTP, port: 30102}}]}}]", ["sctp/30102"], s_all, s_all);
        await RowAsync(server, "egress denied", $"{OnWeb}, policyTypes: [Egress], egress: []", [], s_all, s_all);

        await PolicyAsync("second", $"{OnServer}, ingress: [{{ports: [{{protocol: TCP, port: 30102}}]}}]");
        await RowAsync(server, "policies add up", $"{OnServer}, ingress: [{{from: [{{{OnWeb}}}]}}]", s_all, ["tcp/30102"], ["tcp/30102"]);
        (await _lab.Kubectl("-n x delete networkpolicy first second")).Succeeded.ToString();
        await ExpectAsync(server, "no policy again", s_all, s_all, s_all);
    }

    [Fact]
    public async Task A_policy_cuts_an_association_and_its_end_lets_it_go_on()
    {
        var server = await served.AddressAsync("b");
        (await _lab.ShellAsync("b", "(nc -l --sctp --recv-only 30104 > /tmp/lines) </dev/null >/dev/null 2>&1 &", "x")).Succeeded.ToString();
        (await _lab.ShellAsync("away", $"(while [ ! -e /tmp/stop ] && echo line; do sleep 0.1; done | nc --sctp {server} 30104) </dev/null >/dev/null 2>&1 &", "far")).Succeeded.ToString();
        await Wait.UntilAsync("lines", async () => await LinesAsync() > 3);

        await PolicyAsync("cut", $"{OnServer}, ingress: [{{ports: [{{protocol: TCP}}]}}]");
        var (before, now) = (0, 0);
        await Wait.UntilAsync("the association to be cut", async () =>
        {
            (before, now) = (now, await LinesAsync());
            await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
            return before == now;
        });
        (await _lab.Kubectl("-n x delete networkpolicy cut")).Succeeded.ToString();
        await Wait.UntilAsync("the same association to go on", async () => await LinesAsync() > now + 3);
        (await _lab.ShellAsync("away", "touch /tmp/stop", "far")).Succeeded.ToString();
    }

    [Fact]
    public async Task ClusterNetworkPolicies_of_both_tiers_stand_around_NetworkPolicies()
    {
        var server = await served.AddressAsync("a");
        string[] others = ["sctp/30103", "tcp/30102", "udp/30102"];
        const string Sctp = "protocols: [{sctp: {destinationPort: {number: 30102}}}]";
        const string FromRed = "from: [{namespaces: {matchLabels: {team: red}}}]";
        await ClusterPolicyAsync("Admin", $"{{action: Deny, {FromRed}, {Sctp}}}");
        await ExpectAsync(server, "Admin denies SCTP", others, others, s_all);
        await PolicyAsync("first", $"{OnServer}, ingress: [{{}}]");
        await ExpectAsync(server, "a NetworkPolicy does not open what Admin denies", others, others, s_all);
        await ClusterPolicyAsync("Admin", $"{{action: Accept, {FromRed}, {Sctp}}}");
        await PolicyAsync("first", $"{OnServer}, ingress: []");
        await ExpectAsync(server, "a NetworkPolicy does not close what Admin accepts", ["sctp/30102"], ["sctp/30102"], []);
        await ClusterPolicyAsync("Baseline", $"{{action: Deny, {FromRed}, {Sctp}}}");
        await PolicyAsync("first", $"{OnServer}, ingress: [{{from: [{{{OnWeb}}}]}}]");
        await ExpectAsync(server, "a NetworkPolicy is asked before Baseline", s_all, [], []);
        (await _lab.Kubectl("-n x delete networkpolicy first")).Succeeded.ToString();
        await ExpectAsync(server, "Baseline denies SCTP where no NetworkPolicy isolates", others, others, s_all);
        (await _lab.Kubectl("delete clusternetworkpolicy edge")).Succeeded.ToString();
        await ExpectAsync(server, "no policy again", s_all, s_all, s_all);
    }

    [Fact]
    public async Task Over_IPv6_and_through_its_own_Service_too()
    {
        var server = (await _lab.GetAsync("-n x pod b", ".status.podIPs[1].ip")).Trim();
        await _lab.ApplyAsync("""
            apiVersion: v1
            kind: Service
            metadata: {name: itself}
            spec: {selector: {name: b}, ports: [{name: s, port: 30102, protocol: SCTP}, {name: t, port: 30102, protocol: TCP}]}
            """, "x");
        var service = await _lab.GetAsync("-n x service itself", ".spec.clusterIP");
        await ExpectAsync(server, "no policy", s_all, s_all, s_all, "b");
        await PolicyAsync("six", $"{OnServer}, policyTypes: [Ingress, Egress]");
        await ExpectAsync(server, "all is denied", [], [], [], "b");
        await Wait.UntilAsync("a Pod that nobody reaches to reach itself through its Service", async () =>
            (await _lab.ShellAsync("b", Talk.ToAll(service, [("sctp", 30102), ("tcp", 30102)]), "x")).Succeeded.Split('\n', StringSplitOptions.RemoveEmptyEntries).SequenceEqual(["sctp/30102 b", "tcp/30102 b"]));
        await PolicyAsync("six", $"{OnServer}, ingress: [{{from: [{{{OnWeb}}}], ports: [{{protocol: SCTP, port: 30102}}]}}]");
        await ExpectAsync(server, "podSelector and SCTP", ["sctp/30102"], [], [], "b");
        await PolicyAsync("six", $"{OnWeb}, policyTypes: [Egress], egress: [{{to: [{{ipBlock: {{cidr: fd01::/48}}}}], ports: [{{protocol: TCP}}]}}]");
        await ExpectAsync(server, "egress of a Pod by ipBlock", ["tcp/30102"], s_all, s_all, "b");
        (await _lab.Kubectl("-n x delete networkpolicy six")).Succeeded.ToString();
        (await _lab.Kubectl("-n x delete service itself")).Succeeded.ToString();
    }

    [Fact]
    public async Task What_policies_say_is_explained_compared_and_verified_by_the_commands()
    {
        const string Only = $"{OnServer}, policyTypes: [Ingress], ingress: [{{from: [{{{OnWeb}}}], ports: [{{protocol: SCTP, port: 30102}}]}}]";
        var file = Path.Combine(Path.GetTempPath(), $"{_lab.Name}-verified.yaml");
        await File.WriteAllTextAsync(file, $"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: verified}}\nspec: {{ {Only} }}\n", TestContext.Current.CancellationToken);
        var diff = await _lab.Operate("policy", "diff", file, "-n", "x");
        File.Delete(file);
        Assert.Equal(1, diff.ExitCode);
        Assert.Contains("cuts x/stranger to x/a, SCTP 30102, SCTP 30103, SCTP any other port", diff.Output, StringComparison.Ordinal);

        await PolicyAsync("verified", Only);
        Assert.Equal(0, (await _lab.Operate("policy", "explain", "web", "a", "30102", "-n", "x")).ExitCode);
        Assert.Contains("x/web to x/a SCTP 30102: allowed", (await _lab.KubectlSctp("policy explain web a 30102 -n x")).Succeeded, StringComparison.Ordinal);
        Assert.Contains("isolated by x/verified, and no rule allows it", (await _lab.Operate("policy", "explain", "far/away", "a", "30102", "-n", "x")).Output, StringComparison.Ordinal);
        await Wait.UntilAsync("the network to do what the policy says", async () => (await VerifyAsync()).ExitCode == 0);

        // A network that enforces nothing at one Pod (class 1 accepts all): its agent repairs that at its next look, so the fault may have to be made again.
        var address = await served.AddressAsync("a");
        await Wait.UntilAsync("the fault to be seen", async () =>
        {
            await _lab.Handle.RunAsync("worker-0", ["sh", "-c", $"nft 'delete element inet trunkline ingress_pods {{ {address} }}; add element inet trunkline ingress_pods {{ {address} : 1 }}'"]);
            var seen = await VerifyAsync();
            return seen.ExitCode == 1 && seen.Output.Contains("differs x/stranger to x/a SCTP 30102: policies deny it, and it was established", StringComparison.Ordinal)
                && seen.Output.Contains("differs x/web to x/a TCP 30102", StringComparison.Ordinal);
        });
    }

    private Task<Command> VerifyAsync() => _lab.Operate("policy", "verify", "-n", "x");

    private async Task ClusterPolicyAsync(string tier, string rule)
    {
        (await _lab.Kubectl("delete clusternetworkpolicy edge --ignore-not-found")).Succeeded.ToString();
        await _lab.ApplyAsync($$"""
            apiVersion: policy.networking.k8s.io/v1alpha2
            kind: ClusterNetworkPolicy
            metadata: {name: edge}
            spec: {tier: {{tier}}, priority: 7, subject: {pods: {podSelector: {matchLabels: {app: echo} } } }, ingress: [{{rule}}]}
            """, "x");
    }

    private async Task<int> LinesAsync() => int.Parse((await _lab.ShellAsync("b", "wc -l < /tmp/lines", "x")).Succeeded, System.Globalization.CultureInfo.InvariantCulture);

    private async Task RowAsync(string server, string what, string spec, string[] web, string[] stranger, string[] away)
    {
        await PolicyAsync("first", spec);
        await ExpectAsync(server, what, web, stranger, away);
    }

    private async Task PolicyAsync(string name, string spec)
    {
        (await _lab.Kubectl($"-n x delete networkpolicy {name} --ignore-not-found")).Succeeded.ToString();
        await _lab.ApplyAsync($$"""
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: {{name}} }
            spec: { {{spec}} }
            """, "x");
    }

    private async Task ExpectAsync(string server, string what, string[] web, string[] stranger, string[] away, string says = "a")
    {
        var wanted = string.Join('\n', Text("web", web), Text("stranger", stranger), Text("away", away));
        var seen = "";
        var started = TimeProvider.System.GetTimestamp();
        while (seen != wanted)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(20), $"{what}: wanted\n{wanted}\nbut saw\n{seen}");
            seen = string.Join('\n', await Task.WhenAll(AskAsync("web", "x", server, says), AskAsync("stranger", "x", server, says), AskAsync("away", "far", server, says)));
        }
    }

    private async Task<string> AskAsync(string pod, string ns, string server, string says)
    {
        var lines = (await _lab.ShellAsync(pod, Talk.ToAll(server, s_targets), ns)).Succeeded.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return Text(pod, [.. lines.Where(line => line.EndsWith($" {says}", StringComparison.Ordinal)).Select(line => line[..^2])]);
    }

    private static string Text(string pod, string[] open) => $"{pod}: {string.Join(' ', open)}";

    private async Task<string> DroppedAsync() => (await _lab.Handle.RunAsync("worker-0", ["nft", "list", "set", "inet", "trunkline", "dropped"])).Output;
}
