namespace Trunkline.Controllers.Queues;

/// <summary>Pauses that double from a first to a longest.</summary>
internal sealed class Backoff(TimeSpan first, TimeSpan longest)
{
    private int _failures;

    public TimeSpan Next() => After(_failures++);

    public void Reset() => _failures = 0;

    public TimeSpan After(int failures)
    {
        var factor = Math.Pow(2, Math.Min(failures, 30));
        return first * factor > longest ? longest : first * factor;
    }
}
