namespace Trunkline.Node.Pods.State;

/// <summary>
/// A kubelet's wait between restarts: none before the first, then 10 s, doubled up to 5 min; forgotten after 10 min without a restart.
/// </summary>
internal sealed class RestartBackOff
{
    public static readonly TimeSpan First = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Forgotten = 2 * Longest;

    public TimeSpan Current { get; set; }

    public DateTime Updated { get; set; }

    /// <summary>When an attempt that ended at <paramref name="ended"/> may be followed by another.</summary>
    public DateTime NotBefore(DateTime ended) => Current == TimeSpan.Zero || ended - Updated > Forgotten ? ended : ended + Current;

    /// <summary>To be called at each restart.</summary>
    public void Restarted(DateTime now)
    {
        Current = Current == TimeSpan.Zero || now - Updated > Forgotten ? First : Current * 2 > Longest ? Longest : Current * 2;
        Updated = now;
    }
}
