using System.Text.Json.Nodes;
using Xunit;

namespace Trunkline.Lab.IntegrationTests.Support;

/// <summary>A lab that is up for the tests of one class, used only as people use it: by its command line and kubectl.</summary>
public sealed class RunningLab : IAsyncLifetime
{
    private string? _kubeconfig;

    public string Name { get; } = $"it-{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..4]}";

    /// <summary>The file by which clients find it.</summary>
    public string Kubeconfig => _kubeconfig ?? throw new InvalidOperationException("the lab is not up");

    public async ValueTask InitializeAsync()
    {
        (await Trunkline("lab", "up", "--name", Name)).Succeeded.ToString();
        _kubeconfig = Path.Combine(Path.GetTempPath(), $"{Name}.kubeconfig");
        await File.WriteAllTextAsync(_kubeconfig, (await Trunkline("lab", "kubeconfig", "--name", Name)).Succeeded);
    }

    public async ValueTask DisposeAsync()
    {
        await Trunkline("lab", "down", "--name", Name);
        if (_kubeconfig is not null)
        {
            File.Delete(_kubeconfig);
        }
    }

    public static Task<Command> Trunkline(params string[] arguments) => Command.RunAsync(Repository.Trunkline, arguments);

    /// <summary>Runs kubectl against this lab, with a cache of its own so that discovery is asked anew.</summary>
    public Task<Command> Kubectl(string arguments, string? input = null) => Kubectl(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries), input);

    public Task<Command> Kubectl(IEnumerable<string> arguments, string? input = null) => Command.RunAsync(
        Repository.Kubectl,
        ["--kubeconfig", _kubeconfig!, "--cache-dir", Path.Combine(Path.GetTempPath(), $"{Name}-cache"), .. arguments],
        input);

    /// <summary>Runs one of the commands for any cluster against this lab.</summary>
    public Task<Command> Operate(params string[] arguments) => Trunkline([.. arguments, "--kubeconfig", _kubeconfig!]);

    /// <summary>The same as a user of kubectl's plugin calls it.</summary>
    public Task<Command> KubectlSctp(string arguments) => Command.RunAsync("/bin/sh", ["-c", $"PATH={Repository.Root}:$PATH KUBECONFIG={_kubeconfig} exec {Repository.Kubectl} sctp {arguments}"]);

    public async Task<JsonNode> StatusAsync() => JsonNode.Parse((await Trunkline("lab", "status", "--name", Name, "--output", "json")).Succeeded)!;

    /// <summary>A look into its machines, as an administrator has by ssh.</summary>
    internal LabHandle Handle => LabManager.Open(Name);

    public async Task ApplyAsync(string manifest, string ns = "default") => (await Kubectl($"-n {ns} apply -f -", manifest)).Succeeded.ToString();

    /// <summary>One value of an object, by JSONPath without braces.</summary>
    public async Task<string> GetAsync(string what, string path) => (await Kubectl(["get", .. what.Split(' '), "-o", $"jsonpath={{{path}}}"])).Succeeded;

    /// <summary>Runs a script in a Pod.</summary>
    public Task<Command> ShellAsync(string pod, string script, string ns = "default") => Kubectl(["-n", ns, "exec", pod, "--", "sh", "-c", script]);

    /// <summary>Loads SCTP on the workers as the guide does, and waits until the pool is Updated.</summary>
    public async Task LoadSctpAsync()
    {
        (await Kubectl($"create -f {Repository.Manifest("04-machineconfig-load-sctp-module.yaml")}")).Succeeded.ToString();
        (await Kubectl("wait mcp/worker --for=condition=Updating --timeout=60s")).Succeeded.ToString();
        (await Kubectl("wait mcp/worker --for=condition=Updated --timeout=120s")).Succeeded.ToString();
    }

    /// <summary>kill -9 of a node's agent.</summary>
    internal void KillAgent(string node)
    {
        using var agent = System.Diagnostics.Process.GetProcessById(Handle.AgentPid(node) ?? throw new InvalidOperationException($"the agent of {node} is dead already"));
        agent.Kill();
    }

    /// <summary>Starts a Pod that sleeps and waits until it is Ready.</summary>
    public async Task SleeperAsync(string ns, string name, string? node = null)
    {
        var pod = $$"""
            apiVersion: v1
            kind: Pod
            metadata: {name: {{name}} , labels: {app: {{name}} } }
            spec:
              terminationGracePeriodSeconds: 0
              nodeSelector: {{(node is null ? "{}" : $"{{kubernetes.io/hostname: {node}}}")}}
              containers: [{name: c, image: registry.access.redhat.com/ubi8/ubi, command: [sleep, inf]}]
            """;
        (await Kubectl($"-n {ns} create -f -", pod)).Succeeded.ToString();
        (await Kubectl($"-n {ns} wait --for=condition=Ready --timeout=60s pod/{name}")).Succeeded.ToString();
    }
}
