using Trunkline.Lab.IntegrationTests.Support;
using Xunit;

namespace Trunkline.Lab.IntegrationTests.Services;

/// <summary>A lab with SCTP loaded, in namespace "x" two servers that say their names, and clients.</summary>
public sealed class ServedLab : IAsyncLifetime
{
    public const int Port = 30102;

    private const string SaysItself = "exec: {command: [test, -e, /ready]}";
    private static readonly string s_kubeletConnects = $"tcpSocket: {{port: {Port}}}";

    public RunningLab Lab { get; } = new();

    internal OutsideHost Outside { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await Lab.InitializeAsync();
        await Lab.LoadSctpAsync();
        Outside = await OutsideHost.StartAsync(Lab);
        foreach (var (name, team) in new[] { ("x", "red"), ("far", "blue") })
        {
            (await Lab.Kubectl($"create namespace {name}")).Succeeded.ToString();
            (await Lab.Kubectl($"label namespace {name} team={team}")).Succeeded.ToString();
        }

        await Lab.ApplyAsync(Server("a", "worker-0", s_kubeletConnects) + Server("b", "worker-1", SaysItself) + Client("web", "worker-1", "x") + Client("stranger", "worker-0", "x"), "x");
        await Lab.ApplyAsync(Client("away", "worker-1", "far"), "far");
        (await Lab.Kubectl("-n x wait --for=condition=Ready --timeout=60s pod/a pod/b pod/web pod/stranger")).Succeeded.ToString();
        (await Lab.Kubectl("-n far wait --for=condition=Ready --timeout=60s pod/away")).Succeeded.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        await Outside.DisposeAsync();
        await Lab.DisposeAsync();
    }

    public Task<string> AddressAsync(string pod, string ns = "x") => Lab.GetAsync($"-n {ns} pod {pod}", ".status.podIP");

    private static string Server(string name, string node, string probe) => $$"""
        apiVersion: v1
        kind: Pod
        metadata: {name: {{name}}, labels: {app: echo, name: {{name}} } }
        spec:
          terminationGracePeriodSeconds: 0
          nodeSelector: {kubernetes.io/hostname: {{node}} }
          containers:
          - name: c
            image: x
            command: [sh, -c, 'touch /ready; {{Talk.Serve(name, Port)}} {{Talk.Serve(name, Port + 1)}} wait']
            ports: [{name: s, containerPort: {{Port}}, protocol: SCTP}, {name: second, containerPort: {{Port + 1}}, protocol: SCTP}]
            readinessProbe: { {{probe}}, periodSeconds: 1, failureThreshold: 1 }
        ---

        """;

    private static string Client(string name, string node, string ns) => $$"""
        apiVersion: v1
        kind: Pod
        metadata: {name: {{name}}, namespace: {{ns}}, labels: {role: {{(name == "stranger" ? "none" : "web")}} } }
        spec:
          terminationGracePeriodSeconds: 0
          nodeSelector: {kubernetes.io/hostname: {{node}} }
          containers: [{name: c, image: x, command: [sleep, inf]}]
        ---

        """;
}
