using System.Diagnostics;
using Trunkline.Lab.IntegrationTests.Services;
using Trunkline.Lab.IntegrationTests.Support;
using Xunit;

namespace Trunkline.Lab.IntegrationTests.Dns;

/// <summary>The cluster's DNS as Pods see it: by their C library, by our nc, and record by record.</summary>
[Collection(ServedLabGroup.Name)]
public sealed class ClusterDnsTests(ServedLab served)
{
    private const string Server = "172.30.0.10";
    private readonly RunningLab _lab = served.Lab;

    [Fact]
    public async Task Names_follow_Services_Pods_and_endpoints()
    {
        await _lab.ApplyAsync($$"""
            apiVersion: v1
            kind: Service
            metadata: {name: named}
            spec: {selector: {name: a}, ports: [{name: sctpserver, port: {{ServedLab.Port}}, protocol: SCTP}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: each}
            spec: {clusterIP: None, selector: {app: echo}, ports: [{name: s, port: {{ServedLab.Port}}, protocol: SCTP}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: out}
            spec: {type: ExternalName, externalName: gnb.example.com}
            """, "x");
        var address = await _lab.GetAsync("-n x service named", ".spec.clusterIP");
        var (a, b) = (await served.AddressAsync("a"), await served.AddressAsync("b"));
        await Wait.UntilAsync("the Services' names", async () =>
            await AskAsync("named.x.svc.cluster.local", "A") == address && (await AskAsync("each.x.svc.cluster.local", "A")).Split(", ").Length == 2);
        Assert.Equal("30102 named.x.svc.cluster.local", await AskAsync("_sctpserver._sctp.named.x.svc.cluster.local", "SRV"));
        Assert.Equal("named.x.svc.cluster.local", await AskAsync(string.Join('.', address.Split('.').Reverse()) + ".in-addr.arpa", "PTR"));
        Assert.Equal(string.Join(", ", new[] { a, b }.Order(StringComparer.Ordinal)), await AskAsync("each.x.svc.cluster.local", "A"));
        Assert.Equal(a, await AskAsync($"{a.Replace('.', '-')}.each.x.svc.cluster.local", "A"));
        Assert.Equal(a, await AskAsync($"{a.Replace('.', '-')}.x.pod.cluster.local", "A"));
        Assert.Equal("gnb.example.com", await AskAsync("out.x.svc.cluster.local", "A"));
        Assert.Equal("1.1.0", await AskAsync("dns-version.cluster.local", "TXT"));
        Assert.Equal("", await AskAsync("named.x.svc.cluster.local", "AAAA")); // there, but not of this type
        Assert.Equal("", await AskAsync("x.svc.cluster.local", "A"));
        Assert.Equal("NXDOMAIN", await AskAsync("no-such-service.x.svc.cluster.local", "A"));
        Assert.Equal("NXDOMAIN", await AskAsync("www.example.com", "A")); // nothing is ever asked outside the lab

        Assert.Equal("a\n", (await _lab.ShellAsync("web", $"nc --sctp --recv-only named {ServedLab.Port}", "x")).Succeeded);
        Assert.Equal("a\n", (await _lab.ShellAsync("away", $"nc --sctp --recv-only named.x {ServedLab.Port}", "far")).Succeeded);
        Assert.Contains(address, (await _lab.ShellAsync("web", "getent hosts named", "x")).Succeeded, StringComparison.Ordinal);

        (await _lab.Kubectl("-n x delete service named each out")).Succeeded.ToString();
        await Wait.UntilAsync("the names to go", async () => await AskAsync("named.x.svc.cluster.local", "A") == "NXDOMAIN"
            && await AskAsync("each.x.svc.cluster.local", "A") == "NXDOMAIN" && await AskAsync("out.x.svc.cluster.local", "A") == "NXDOMAIN");
    }

    [Fact]
    public async Task Egress_that_is_denied_takes_the_names_with_it_until_a_rule_lets_DNS_through()
    {
        const string Look = "getent hosts kubernetes.default >/dev/null && echo found || echo lost";
        await _lab.ApplyAsync(Policy("[]"), "far");
        await Wait.UntilAsync("names to be lost", async () => (await AwayAsync(Look)) == "lost\n");
        await _lab.ApplyAsync(Policy("[{ports: [{port: 53, protocol: UDP}, {port: 53, protocol: TCP}]}]"), "far");
        await Wait.UntilAsync("names to be found", async () => (await AwayAsync(Look)) == "found\n");
        (await _lab.Kubectl("-n far delete networkpolicy names")).Succeeded.ToString();
    }

    [Fact]
    public async Task A_server_that_is_killed_is_started_again_and_knows_all_names()
    {
        var killed = _lab.Handle.DnsPid;
        Assert.NotNull(killed);
        using (var process = Process.GetProcessById(killed.Value))
        {
            process.Kill();
        }

        await Wait.UntilAsync("another server", () => _lab.Handle.DnsPid is { } now && now != killed);
        await Wait.UntilAsync("its answer", async () => await AskAsync("kubernetes.default.svc.cluster.local", "A") == "172.30.0.1");
    }

    private static string Policy(string egress) => $$"""
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: names}
        spec: {podSelector: {}, policyTypes: [Egress], egress: {{egress}} }
        """;

    // A resolver that hears nothing waits five seconds and asks again: one try of one second is enough to be told.
    private async Task<string> AwayAsync(string script) => (await _lab.ShellAsync("away", $"export RES_OPTIONS='timeout:1 attempts:1'; {script}", "far")).Succeeded;

    private Task<string> AskAsync(string name, string type) => DnsQuestion.AskAsync(_lab.Handle.NetworkNamespacePath("worker-0"), Server, name, type);
}
