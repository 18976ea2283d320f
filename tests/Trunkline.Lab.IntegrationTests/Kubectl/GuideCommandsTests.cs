using System.Text.RegularExpressions;
using Trunkline.Lab.IntegrationTests.Support;
using Xunit;

namespace Trunkline.Lab.IntegrationTests.Kubectl;

/// <summary>The guide's own commands by kubectl, the second witness; words are those of the recordings in shared/golden.</summary>
public sealed partial class GuideCommandsTests(RunningLab lab) : IClassFixture<RunningLab>
{
    [Fact]
    public async Task The_guides_commands_work_unmodified()
    {
        var nodes = (await lab.Kubectl("get nodes")).Succeeded;
        Assert.Equal(3, NodeLine().Count(nodes));

        Assert.Equal("machineconfig.machineconfiguration.openshift.io/load-sctp-module created\n", (await Create("04-machineconfig-load-sctp-module.yaml", null)).Succeeded);
        (await lab.Kubectl("wait mcp/worker --for=condition=Updating --timeout=60s")).Succeeded.ToString();
        (await lab.Kubectl("wait mcp/worker --for=condition=Updated --timeout=120s")).Succeeded.ToString();

        Assert.Equal("namespace/sctp-demo created\n", (await lab.Kubectl("create ns sctp-demo")).Succeeded);
        Assert.Equal("pod/sctpserver created\n", (await Create("05-pod-sctpserver.yaml", "sctp-demo")).Succeeded);
        Assert.Equal("service/sctpservice created\n", (await Create("06-service-sctpservice.yaml", "sctp-demo")).Succeeded);
        Assert.Equal("pod/sctpclient created\n", (await lab.Kubectl($"-n sctp-demo apply -f {Repository.Manifest("07-pod-sctpclient.yaml")}")).Succeeded);
        (await lab.Kubectl("-n sctp-demo wait --for=condition=Ready --timeout=60s pod --all")).Succeeded.ToString();
        Assert.Contains("Complete!", (await lab.Kubectl("-n sctp-demo logs sctpserver")).Succeeded, StringComparison.Ordinal);

        var clusterIP = (await lab.Kubectl(["-n", "sctp-demo", "get", "services", "sctpservice", "-o", "go-template={{.spec.clusterIP}}{{\"\\n\"}}"])).Succeeded;
        Assert.Matches(@"^172\.30\.\d+\.\d+\n$", clusterIP);
        Assert.Matches(@"sctpservice\s+NodePort\s+172\.30\.\d+\.\d+\s+<none>\s+30102:3\d{4}/SCTP\s+\d+s\s+app=sctpserver", (await lab.Kubectl("-n sctp-demo get svc -o wide")).Succeeded);
        var described = (await lab.Kubectl("-n sctp-demo describe svc sctpservice")).Succeeded;
        Assert.Matches(@"Endpoints:\s+10\.12[89]\.\d+\.\d+:30102", described);
        Assert.Contains("30102/SCTP", (await lab.Kubectl("-n sctp-demo describe pod sctpserver")).Succeeded, StringComparison.Ordinal);

        var typo = await lab.Kubectl("-n sctp-demo get svc -wide");
        Assert.Equal(1, typo.ExitCode);
        // Clients before 1.33 write "Error:".
        Assert.StartsWith("error: unknown shorthand flag: 'i' in -ide", typo.Error, StringComparison.OrdinalIgnoreCase);

        var server = lab.Kubectl(["-n", "sctp-demo", "exec", "sctpserver", "--", "sh", "-c", "nc -l 30102 --sctp"]);
        var client = $"for i in $(seq 100); do echo by-kubectl | nc {clusterIP.Trim()} 30102 --sctp && exit 0; sleep 0.1; done; exit 1";
        (await lab.Kubectl(["-n", "sctp-demo", "exec", "-i", "sctpclient", "--", "sh", "-c", client])).Succeeded.ToString();
        Assert.Equal("by-kubectl\n", (await server).Succeeded);

        var exit = await lab.Kubectl(["-n", "sctp-demo", "exec", "sctpclient", "--", "sh", "-c", "exit 3"]);
        Assert.Equal(3, exit.ExitCode);
        Assert.Equal("command terminated with exit code 3\n", exit.Error);

        var refused = await Create("08-networkpolicy-sctp-deny-other-namespaces.yaml", "sctp-demo");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("strict decoding error: unknown field \"metadata.spec\"", refused.Error, StringComparison.Ordinal);
        Assert.Equal("networkpolicy.networking.k8s.io/sctp-demo-allow created\n", (await Create("09-networkpolicy-sctp-demo-allow.yaml", "sctp-demo")).Succeeded);
        Assert.Contains("To Port: 80/SCTP", (await lab.Kubectl("-n sctp-demo describe netpol sctp-demo-allow")).Succeeded, StringComparison.Ordinal);

        Assert.Equal("pod \"sctpserver\" deleted\n", Unspaced((await lab.Kubectl("-n sctp-demo delete pod sctpserver --grace-period=1")).Succeeded));
        // Its shell is process 1 and takes no SIGTERM: with the default grace the namespace would take 30 s to go.
        (await lab.Kubectl("-n sctp-demo delete pod sctpclient --grace-period=1")).Succeeded.ToString();
        Assert.Equal("namespace \"sctp-demo\" deleted\n", (await lab.Kubectl("delete ns sctp-demo --timeout=60s")).Succeeded);
    }

    [Fact]
    public async Task An_interactive_shell_works_through_a_terminal()
    {
        await lab.SleeperAsync("default", "shell");
        var session = await Command.RunAsync("script", ["-qec", $"{Repository.Kubectl} --kubeconfig {Path.Combine(Path.GetTempPath(), $"{lab.Name}.kubeconfig")} exec -it shell -- sh", "/dev/null"], "tty; echo $((40+2)); exit\n");
        Assert.Contains("/dev/pts/", session.Succeeded, StringComparison.Ordinal);
        Assert.Contains("42", session.Output, StringComparison.Ordinal);
    }

    private Task<Command> Create(string manifest, string? ns) => lab.Kubectl($"{(ns is null ? "" : $"-n {ns} ")}create -f {Repository.Manifest(manifest)}");

    // Newer clients add "from NAMESPACE namespace".
    private static string Unspaced(string text) => text.Replace(" from sctp-demo namespace", "", StringComparison.Ordinal);

    [GeneratedRegex(@"^\S+\s+Ready\s+(control-plane,master|master|control-plane|worker)\S*\s", RegexOptions.Multiline)]
    private static partial Regex NodeLine();
}
