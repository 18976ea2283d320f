using Trunkline.Operations.Cluster;

namespace Trunkline.Operations.Guide;

/// <summary>An <c>nc -l</c> in a Pod.</summary>
internal sealed class Listener : IAsyncDisposable
{
    private readonly GuideContext _guide;
    private readonly PodInfo _pod;
    private readonly string _pidFile;
    private readonly PodExec _exec;

    private Listener(GuideContext guide, PodInfo pod, string pidFile, PodExec exec) => (_guide, _pod, _pidFile, _exec) = (guide, pod, pidFile, exec);

    /// <summary>What has arrived.</summary>
    public string Received => _exec.Output;

    /// <summary>Starts a listener that takes one peer after another, and waits until it listens.</summary>
    public static async Task<Listener> StartAsync(GuideContext guide, PodInfo pod, int port, string flags, CancellationToken cancel)
    {
        var listener = await LaunchAsync(guide, pod, $"nc -v -l -k {port} {flags}", cancel);
        await guide.EventuallyAsync($"nc listening in {pod}", TimeSpan.FromSeconds(10), () =>
        {
            var said = listener._exec.Error;
            GuideContext.Require(!said.Contains("QUITTING", StringComparison.Ordinal) && !said.Contains("not supported", StringComparison.Ordinal),
                $"nc in {pod} could not listen: {said.Trim()}");
            return Task.FromResult(said.Contains("Listening on", StringComparison.Ordinal) ? listener : null);
        }, cancel);
        return listener;
    }

    /// <summary>Starts a listener by a command as it is written in the guide.</summary>
    public static async Task<Listener> LaunchAsync(GuideContext guide, PodInfo pod, string command, CancellationToken cancel)
    {
        var pidFile = $"/tmp/listener-{Guid.NewGuid():N}";
        var exec = await PodExec.StartAsync(guide.Api, pod.Namespace, pod.Name, ["/bin/sh", "-c", $"echo $$ > {pidFile}; exec {command}"], cancel);
        return new Listener(guide, pod, pidFile, exec);
    }

    /// <summary>Waits until something arrived.</summary>
    public Task WaitForAsync(string text, CancellationToken cancel) =>
        _guide.EventuallyAsync($"\"{text}\" at the listener in {_pod}", TimeSpan.FromSeconds(10), () =>
            Task.FromResult(Received.Contains(text, StringComparison.Ordinal) ? this : null), cancel);

    /// <summary>Waits until the listener ends by itself, as one without <c>-k</c> does after its peer.</summary>
    public Task<ExecResult> EndAsync(CancellationToken cancel) => _exec.WaitAsync(cancel);

    public async ValueTask DisposeAsync()
    {
        await PodExec.RunAsync(_guide.Api, _pod.Namespace, _pod.Name, ["/bin/sh", "-c", $"kill $(cat {_pidFile}) 2>/dev/null; true"], CancellationToken.None);
        await _exec.DisposeAsync();
    }
}
