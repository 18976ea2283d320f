using Trunkline.Lab;
using Trunkline.Operations.Cluster;

namespace Trunkline.Cli.Verbs;

/// <summary>Turns what a lab or a cluster cannot do into one sentence and an exit code.</summary>
internal static class Guarded
{
    /// <summary>The exit code of verbs that could not ask their cluster, or read their archive.</summary>
    public const int ClusterFailed = 7;

    public static async Task<int> RunAsync(Func<Task<int>> verb, string interrupted = "`trunkline lab up` goes on from here, `trunkline lab down` takes it all away.")
    {
        try
        {
            return await verb();
        }
        catch (LabException error)
        {
            await Console.Error.WriteLineAsync($"trunkline: {error.Message}");
            return (int)error.Failure;
        }
        catch (ClusterException error)
        {
            await Console.Error.WriteLineAsync($"trunkline: {error.Message}");
            return ClusterFailed;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"trunkline: stopped; {interrupted}");
            return 130;
        }
    }
}
