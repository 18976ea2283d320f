using Trunkline.ApiServer.Tests.Support;
using Xunit;

namespace Trunkline.ApiServer.Tests.Clients;

/// <summary>kubectl 1.32, unmodified, as a client.</summary>
public sealed class KubectlTests
{
    [Fact]
    public async Task The_guides_manifests_go_in_and_out()
    {
        var manifests = GoldenRequest.Root is { } golden ? Path.Combine(golden, "..", "guide", "manifests") : null;
        Assert.SkipWhen(manifests is null, "the guide in ../shared/guide is not here");
        await using var cluster = await TestCluster.StartAsync();
        var kubectl = new Kubectl(cluster);
        Assert.Equal("namespace/sctp-demo created", await kubectl.RunAsync("create", "ns", "sctp-demo"));
        Assert.Equal("service/sctpservice created", await kubectl.RunAsync("-n", "sctp-demo", "create", "-f", Path.Combine(manifests!, "06-service-sctpservice.yaml")));
        Assert.Matches("^172\\.30\\.\\d+\\.\\d+$", await kubectl.RunAsync("-n", "sctp-demo", "get", "services", "sctpservice", "-o", "go-template={{.spec.clusterIP}}"));
        Assert.Equal("pod/sctpserver created", await kubectl.RunAsync("-n", "sctp-demo", "apply", "-f", Path.Combine(manifests!, "05-pod-sctpserver.yaml")));
        Assert.Equal("pod/sctpserver unchanged", await kubectl.RunAsync("-n", "sctp-demo", "apply", "-f", Path.Combine(manifests!, "05-pod-sctpserver.yaml")));
        var policy = Path.Combine(manifests!, "08-networkpolicy-sctp-deny-other-namespaces.yaml");
        Assert.Contains("strict decoding error: unknown field \"metadata.spec\"", await kubectl.RunAsync("-n", "sctp-demo", "create", "-f", policy), StringComparison.Ordinal);
        Assert.Contains("field not declared in schema", await kubectl.RunAsync("-n", "sctp-demo", "apply", "--server-side", "-f", policy), StringComparison.Ordinal);
        Assert.Contains("networkpolicy.networking.k8s.io/sctp-deny-other-namespaces created", await kubectl.RunAsync("-n", "sctp-demo", "create", "--validate=false", "-f", policy), StringComparison.Ordinal);
        Assert.Equal(
            "machineconfig.machineconfiguration.openshift.io/load-sctp-module created",
            await kubectl.RunAsync("create", "-f", Path.Combine(manifests!, "04-machineconfig-load-sctp-module.yaml")));
        Assert.Equal("pod \"sctpserver\" deleted", await kubectl.RunAsync("-n", "sctp-demo", "delete", "pod", "sctpserver"));
        Assert.Equal("Error from server (NotFound): pods \"sctpserver\" not found", await kubectl.RunAsync("-n", "sctp-demo", "get", "pod", "sctpserver"));
    }

    [Fact]
    public async Task It_explains_waits_asks_and_is_told_what_is_not_yet_possible()
    {
        await using var cluster = await TestCluster.StartAsync();
        var kubectl = new Kubectl(cluster);
        Assert.Contains("GROUP:      networking.k8s.io", await kubectl.RunAsync("explain", "netpol"), StringComparison.Ordinal);
        Assert.Contains("from <[]NetworkPolicyPeer>", await kubectl.RunAsync("explain", "netpol.spec.ingress.from"), StringComparison.Ordinal);
        Assert.Equal("pod/x created", await kubectl.RunAsync("run", "x", "--image=y"));
        Assert.Contains("timed out waiting for the condition on pods/x", await kubectl.RunAsync("wait", "pod/x", "--for=condition=Ready", "--timeout=1s"), StringComparison.Ordinal);
        Assert.Equal("", await kubectl.RunAsync("logs", "x"));
        Assert.Equal("Error from server (BadRequest): pod x does not have a host assigned", await kubectl.RunAsync("exec", "x", "--", "ls"));
        Assert.Equal("yes", await kubectl.RunAsync("auth", "can-i", "create", "pods"));
        Assert.Contains("system:admin", await kubectl.RunAsync("auth", "whoami"), StringComparison.Ordinal);
        Assert.Contains("Server Version: v1.32", await kubectl.RunAsync("version"), StringComparison.Ordinal);
    }
}
