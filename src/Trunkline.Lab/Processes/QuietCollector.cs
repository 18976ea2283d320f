using Trunkline.Lab.Linux;

namespace Trunkline.Lab.Processes;

/// <summary>
/// Gives memory back. A process that has just read ten thousand objects keeps room for the garbage of reading them for as long as it is quiet afterwards, for nothing asks the
/// collector to run. Five processes of a lab share a small machine, so each collects once when a burst is over.
/// </summary>
internal static class QuietCollector
{
    // Between these, a process is busy, or has too little to give.
    private const long Quiet = 1 << 20, Worth = 8 << 20;
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);

    /// <summary>Runs until cancelled.</summary>
    public static async Task RunAsync(TimeProvider time, CancellationToken cancel)
    {
        var (seen, collected) = (0L, 0L);
        using var timer = new PeriodicTimer(s_look, time);
        while (await timer.WaitForNextTickAsync(cancel))
        {
            var allocated = GC.GetTotalAllocatedBytes();
            if (IsDue(allocated - seen, allocated - collected))
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                _ = Libc.TrimAllocator(0); // the compiler's own memory among it
                collected = GC.GetTotalAllocatedBytes();
            }

            seen = allocated;
        }
    }

    /// <summary>Whether it is time, by the bytes allocated since the last look and since the last collection.</summary>
    internal static bool IsDue(long sinceLook, long sinceCollection) => sinceLook < Quiet && sinceCollection > Worth;
}
