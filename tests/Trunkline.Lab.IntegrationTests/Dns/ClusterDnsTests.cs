using System.Diagnostics;
using System.Net;
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
    public async Task Both_families_named_endpoints_and_long_answers_are_found_and_follow_many_changes()
    {
        var addresses = string.Join(", ", Enumerable.Range(1, 60).Select(i => $"{{addresses: [10.99.0.{i}]}}"));
        await _lab.ApplyAsync($$"""
            apiVersion: v1
            kind: Service
            metadata: {name: families}
            spec: {ipFamilyPolicy: PreferDualStack, selector: {name: a}, ports: [{name: s, port: 9, protocol: SCTP}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: peers}
            spec: {clusterIP: None, publishNotReadyAddresses: true, selector: {app: peers}, ports: [{name: ngap, port: 38412, protocol: SCTP}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: shy}
            spec: {clusterIP: None, selector: {app: peers}, ports: [{port: 9}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: many}
            spec: {clusterIP: None, ports: [{port: 9}]}
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: many, labels: {kubernetes.io/service-name: many} }
            addressType: IPv4
            endpoints: [{{addresses}}]
            ports: [{name: {{new string('p', 63)}}, port: 9}]
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: peer, labels: {app: peers} }
            spec:
              terminationGracePeriodSeconds: 0
              hostname: amf-0
              subdomain: peers
              dnsPolicy: None
              dnsConfig: {nameservers: [{{Server}}], searches: [x.svc.cluster.local], options: [{name: ndots, value: "1"}]}
              containers: [{name: c, image: x, command: [sleep, inf], readinessProbe: {exec: {command: ["false"]} } }]
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: plain}
            spec: {terminationGracePeriodSeconds: 0, dnsPolicy: Default, containers: [{name: c, image: x, command: [sleep, inf]}]}
            """, "x");
        await Wait.UntilAsync("the Pod that is never ready", async () => await AskAsync("amf-0.peers.x.svc.cluster.local", "A") is { Length: > 0 } answer && char.IsAsciiDigit(answer[0]));
        var address = await served.AddressAsync("peer");
        Assert.Equal(address, await AskAsync("amf-0.peers.x.svc.cluster.local", "A"));
        Assert.Equal("38412 amf-0.peers.x.svc.cluster.local", await AskAsync("_ngap._sctp.peers.x.svc.cluster.local", "SRV"));
        Assert.Equal("amf-0.peers.x.svc.cluster.local", await AskAsync(string.Join('.', address.Split('.').Reverse()) + ".in-addr.arpa", "PTR"));
        Assert.Equal("NXDOMAIN", await AskAsync("shy.x.svc.cluster.local", "A"));

        var six = await _lab.GetAsync("-n x service families", ".spec.clusterIPs[1]");
        Assert.Equal(IPAddress.Parse(six), IPAddress.Parse(await AskAsync("families.x.svc.cluster.local", "AAAA")));
        var digits = string.Concat(IPAddress.Parse(six).GetAddressBytes().Select(part => $"{part:x2}"));
        Assert.Equal("families.x.svc.cluster.local", await AskAsync(string.Join('.', digits.Reverse()) + ".ip6.arpa", "PTR"));
        Assert.Equal("fd02::a", await AskAsync("dns-default.openshift-dns.svc.cluster.local", "AAAA"));

        Assert.Equal("truncated", await AskAsync("many.x.svc.cluster.local", "A"));
        var node = _lab.Handle.NetworkNamespacePath("worker-0");
        Assert.Equal(60, (await DnsQuestion.AskByTcpAsync(node, Server, "many.x.svc.cluster.local", "A")).Split(", ").Length);

        (await _lab.Kubectl("-n x wait --for=jsonpath={.status.phase}=Running --timeout=60s pod/peer pod/plain")).Succeeded.ToString();
        Assert.Equal("search x.svc.cluster.local\nnameserver 172.30.0.10\noptions ndots:1\n", (await _lab.ShellAsync("peer", "cat /etc/resolv.conf", "x")).Succeeded);
        Assert.Contains(six, (await _lab.ShellAsync("peer", "getent ahostsv6 families", "x")).Succeeded, StringComparison.Ordinal);
        Assert.DoesNotContain(Server, (await _lab.ShellAsync("plain", "cat /etc/resolv.conf", "x")).Succeeded, StringComparison.Ordinal);

        for (var i = 1; i <= 5; i++)
        {
            (await _lab.Kubectl($"-n x create service externalname turn{i} --external-name=gnb{i}.example.com")).Succeeded.ToString();
        }

        await Wait.UntilAsync("the last of many changes", async () => await AskAsync("turn5.x.svc.cluster.local", "CNAME") == "gnb5.example.com");
        Assert.Equal("gnb1.example.com", await AskAsync("turn1.x.svc.cluster.local", "CNAME"));
        (await _lab.Kubectl("-n x delete service/families service/peers service/shy service/many service/turn1 service/turn2 service/turn3 service/turn4 service/turn5 pod/peer pod/plain")).Succeeded.ToString();
        await Wait.UntilAsync("the names to go", async () => await AskAsync("turn5.x.svc.cluster.local", "CNAME") == "NXDOMAIN" && await AskAsync("many.x.svc.cluster.local", "A") == "NXDOMAIN");
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
