namespace Trunkline.Node.Pods.Probes;

/// <summary>Turns single results into a verdict: so many failures, or successes, in a row. Pure.</summary>
internal sealed class ProbeTally(int failureThreshold, int successThreshold, bool initially)
{
    private int _inARow;
    private bool _last;

    /// <summary>The verdict so far.</summary>
    public bool Passing { get; private set; } = initially;

    /// <summary>Whether failures have reached their threshold just now: for a liveness probe, the end of the container.</summary>
    public bool HasFailed { get; private set; }

    public void Add(bool success)
    {
        _inARow = success == _last ? _inARow + 1 : 1;
        _last = success;
        HasFailed = !success && _inARow >= Math.Max(1, failureThreshold);
        if (success && _inARow >= Math.Max(1, successThreshold))
        {
            Passing = true;
        }
        else if (HasFailed)
        {
            Passing = false;
        }
    }
}
