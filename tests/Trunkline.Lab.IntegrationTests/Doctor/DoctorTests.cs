using System.Text.Json.Nodes;
using Trunkline.Lab.IntegrationTests.Services;
using Trunkline.Lab.IntegrationTests.Support;
using Xunit;

namespace Trunkline.Lab.IntegrationTests.Doctor;

/// <summary>Pains provoked on a running cluster and found by the verb, as people use it; and that looking changes nothing.</summary>
[Collection(ServedLabGroup.Name)]
public sealed class DoctorTests(ServedLab served) : IAsyncDisposable
{
    private const string Ns = "doctored";
    private const string ModuleState = "/run/trunkline/sctp/module";
    private readonly RunningLab _lab = served.Lab;

    public async ValueTask DisposeAsync() => (await _lab.Kubectl($"delete namespace {Ns} --ignore-not-found --wait=false")).Succeeded.ToString();

    [Fact]
    public async Task Pains_of_a_running_cluster_are_found_with_the_object_at_fault_and_go_away_with_it()
    {
        (await _lab.Kubectl($"create namespace {Ns}")).Succeeded.ToString();
        await _lab.ApplyAsync(Objects, Ns);
        (await _lab.Kubectl($"-n {Ns} wait --for=condition=Ready --timeout=60s pod/server pod/caller pod/on-control-plane")).Succeeded.ToString();
        var before = await ModulesAsync();

        var found = await DoctorAsync(expected: 1);
        Assert.Contains("DOC016 MachineConfigPool master", found); // pain 1 and 2: a server where no MachineConfig loads SCTP
        Assert.Contains($"DOC020 Service {Ns}/nobody", found); // pain 3
        Assert.Contains($"DOC023 Service {Ns}/elsewhere", found); // pain 3
        Assert.Contains($"DOC040 Service {Ns}/tcp", found); // pain 5
        Assert.Contains($"DOC072 Service {Ns}/n2", found); // pain 9
        Assert.Contains($"DOC090 NetworkPolicy {Ns}/by-service-port", found); // pain 12
        Assert.Contains($"DOC100 Pod {Ns}/probed", found); // pain 13
        Assert.Contains($"DOC106 Pod {Ns}/one-shot", found); // pain 14
        Assert.Equal(found.Count, found.Distinct().Count()); // one finding a problem
        Assert.Equal(before, await ModulesAsync());

        Assert.Equal([$"DOC040 Service {Ns}/tcp"], (await DoctorAsync(1, "service/tcp", "-n", Ns)).Where(line => line.Contains("Service", StringComparison.Ordinal)));
        (await _lab.Kubectl($"-n {Ns} delete pod,service,networkpolicy --all --grace-period=0")).Succeeded.ToString();
        await Wait.UntilAsync("nothing to be left", async () => (await _lab.GetAsync($"-n {Ns} pods", ".items[*].metadata.name")).Length == 0);
        Assert.DoesNotContain(await DoctorAsync(null), line => line.Contains(Ns, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_probe_of_its_own_leaves_no_pod_and_no_module_behind()
    {
        var before = await ModulesAsync();
        Assert.DoesNotContain("Node worker-0", string.Join(" ", (await DoctorAsync(null, "node/worker-0", "--probe")).Where(line => line.StartsWith("DOC00", StringComparison.Ordinal)))); // it was seen, and it has SCTP
        await Wait.UntilAsync("the probes to go", async () => (await _lab.GetAsync("-A -l trunkline.io/doctor pods", ".items[*].metadata.name")).Length == 0);
        Assert.Equal(before, await ModulesAsync());
    }

    // What each node's machine says of its module, and of the process that serves SCTP.
    private async Task<string> ModulesAsync()
    {
        var lines = new List<string>();
        foreach (var node in new[] { "control-plane-0", "worker-0", "worker-1" })
        {
            lines.Add($"{node}: {(await _lab.Handle.ReadFileAsync(node, ModuleState)).Trim()}, {_lab.Handle.SctpServicePid(node)}");
        }

        return string.Join("\n", lines);
    }

    private async Task<List<string>> DoctorAsync(int? expected, params string[] words)
    {
        var run = await RunningLab.Trunkline(["doctor", "--kubeconfig", _lab.Handle.KubeconfigPath, "-o", "json", .. words]);
        Assert.True(expected is null || run.ExitCode == expected, $"exit {run.ExitCode}: {run.Error}");
        return [.. JsonNode.Parse(run.Output)!["findings"]!.AsArray().Where(finding => finding!["object"] is not null).Select(finding => $"{finding!["rule"]} {finding["object"]}")];
    }

    private static string Pod(string name, string rest) => $$"""
        apiVersion: v1
        kind: Pod
        metadata: {name: {{name}}, labels: {app: {{name}} } }
        spec:
          terminationGracePeriodSeconds: 0
        {{rest}}
        ---

        """;

    private static string Service(string name, string spec) => $"apiVersion: v1\nkind: Service\nmetadata: {{name: {name}}}\nspec: {spec}\n---\n";

    private static string Objects { get; } =
        Pod("server", "  containers: [{name: c, image: x, command: [sleep, inf], ports: [{name: n2, containerPort: 38412, protocol: SCTP}]}]")
        + Pod("caller", "  containers: [{name: c, image: x, command: [sleep, inf]}]")
        + Pod("on-control-plane", "  nodeName: control-plane-0\n  containers: [{name: c, image: x, command: [sleep, inf], ports: [{containerPort: 38412, protocol: SCTP}]}]")
        + Pod("probed", "  containers: [{name: c, image: x, command: [sleep, inf], ports: [{containerPort: 30111, protocol: SCTP}], readinessProbe: {tcpSocket: {port: 30111}, periodSeconds: 1}}]")
        + Pod("one-shot", "  containers: [{name: c, image: x, command: [sh, -c, 'nc -l 30112 --sctp'], ports: [{containerPort: 30112, protocol: SCTP}]}]")
        + Service("nobody", "{selector: {app: servre}, ports: [{port: 38412, protocol: SCTP}]}")
        + Service("elsewhere", "{selector: {app: server}, ports: [{port: 38412, targetPort: 38413, protocol: SCTP}]}")
        + Service("tcp", "{selector: {app: server}, ports: [{port: 38412}]}")
        + Service("n2", "{type: NodePort, selector: {app: server}, ports: [{port: 38412, targetPort: n2, protocol: SCTP, nodePort: 30690}]}")
        + """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: by-service-port}
        spec: {podSelector: {matchLabels: {app: server}}, ingress: [{from: [{podSelector: {matchLabels: {app: caller}}}], ports: [{protocol: SCTP, port: 30690}]}]}

        """;
}
