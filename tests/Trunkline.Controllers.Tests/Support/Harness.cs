using k8s;

namespace Trunkline.Controllers.Tests.Support;

/// <summary>All controllers against the API in memory, with agents for the nodes.</summary>
internal sealed class Harness : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Kubernetes _client;
    private readonly List<Task> _running = [];
    private readonly TestLog<ControllerHost> _log = new();

    public Harness(ControllerOptions? options = null, bool agents = true, Action<FakeApi>? before = null)
    {
        before?.Invoke(Api);
        Agents = new FakeAgents(Api);
        _client = Api.Client();
        var chosen = options ?? Fast;
        _running.Add(new ControllerHost(_client, chosen, TimeProvider.System, _log).RunAsync(_stop.Token));
        if (agents)
        {
            _running.Add(Task.Run(() => Agents.RunAsync(_stop.Token)));
        }
    }

    public static ControllerOptions Fast { get; } = new()
    {
        RenderDelay = TimeSpan.FromMilliseconds(300),
        EvictErrorRetryDelay = TimeSpan.FromMilliseconds(50),
        NodeMonitorGracePeriod = TimeSpan.FromMinutes(5),
        RootCertificateAuthority = "-----BEGIN CERTIFICATE-----",
    };

    public FakeApi Api { get; } = new();

    public FakeAgents Agents { get; }

    /// <summary>Waits until something is so. The limit is generous: machines that run tests are busy.</summary>
    public async Task UntilAsync(Func<bool> what, string words, int seconds = 30)
    {
        var limit = TimeProvider.System.GetTimestamp();
        while (!what())
        {
            if (_running.FirstOrDefault(r => r.IsFaulted) is { } broken)
            {
                await broken;
            }

            if (TimeProvider.System.GetElapsedTime(limit) > TimeSpan.FromSeconds(seconds))
            {
                Assert.Fail($"not within {seconds} s: {words}\nlast requests:\n{LastRequests()}\nlast words:\n{string.Join('\n', _log.Last(25))}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running);
        Assert.Null(_log.Broke);
        Assert.Empty(Api.Violations);
        _client.Dispose();
        Api.Dispose();
        _stop.Dispose();
    }

    private string LastRequests()
    {
        lock (Api.Requests)
        {
            return string.Join('\n', Api.Requests.TakeLast(25));
        }
    }
}
