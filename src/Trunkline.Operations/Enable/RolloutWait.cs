using Trunkline.Operations.Cluster;
using Trunkline.Operations.Objects;

namespace Trunkline.Operations.Enable;

/// <summary>Waits until every node of every pool has what is wanted. Nothing is kept between looks, so it may be stopped and begun again at any time.</summary>
/// <param name="read">Reads pools and nodes.</param>
/// <param name="observer">Is told.</param>
/// <param name="time">The clock.</param>
internal sealed class RolloutWait(Func<CancellationToken, Task<ClusterObjects>> read, IModuleObserver observer, TimeProvider time)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(2);

    /// <summary>Returns null when it is done, else why it is not.</summary>
    public async Task<string?> RunAsync(ModulePlan plan, TimeSpan timeout, CancellationToken cancel)
    {
        var start = time.GetTimestamp();
        var (silent, last) = (false, (RolloutTable?)null);
        while (true)
        {
            try
            {
                last = RolloutTable.Of(plan, await read(cancel));
                silent = false;
                observer.Table(last);
                if (last.Done)
                {
                    return null;
                }

                if (last.Trouble is { } trouble)
                {
                    return $"{trouble}. Nothing goes on until that is mended; run the command again then, it goes on from here.";
                }
            }
            catch (ClusterException error)
            {
                // A node of the control plane takes its API server with it when it reboots; on a single node there is none until it is back.
                if (!silent)
                {
                    observer.Say($"the API does not answer ({error.Message.TrimEnd('.')}); a node of the control plane may be rebooting");
                }

                silent = true;
            }

            if (time.GetElapsedTime(start) >= timeout)
            {
                return $"not done after {timeout.TotalMinutes:0} min: {Stands(last)}. The roll-out goes on by itself; run the command again to wait for it.";
            }

            await Task.Delay(s_interval, time, cancel);
        }
    }

    private static string Stands(RolloutTable? last) => last is null
        ? "the API never answered"
        : string.Join("; ", last.Pools.Where(pool => !pool.Done).Select(pool =>
            $"pool {pool.Name}: {pool.Phase}{(pool.Nodes.FirstOrDefault(node => !node.Updated && (node.Desired != node.Current || !node.Ready || node.Cordoned)) is { } node ? $", {node.Name} is {(node.Ready ? node.State : "not Ready")}" : "")}"));
}
