namespace Trunkline.Node.Agent.Watching;

/// <summary>Work that must never end while the agent lives: what it throws is told, and it begins anew.</summary>
internal static class Kept
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Runs until cancelled.</summary>
    public static async Task RunAsync(Func<CancellationToken, Task> work, Action<Exception> failed, TimeProvider time, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await work(cancellationToken);
            }
#pragma warning disable CA1031 // Whatever it is: a loop that ends would leave the node with yesterday's cluster and nobody the wiser.
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                failed(exception);
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }
}
