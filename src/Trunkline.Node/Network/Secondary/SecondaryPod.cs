namespace Trunkline.Node.Network.Secondary;

/// <summary>One of this node's Pods on secondary networks, and how far its rules are. Only the loop of <see cref="SecondaryPolicies"/> changes it.</summary>
internal sealed class SecondaryPod(NetworkedPod pod, string netnsPath, int order)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(5);

    // A packet that met the old rules may enter its flow after the list was made.
    private static readonly TimeSpan SecondLook = TimeSpan.FromMilliseconds(200);
    private TimeSpan _delay = FirstDelay;

    public NetworkedPod Pod => pod;

    public string Netns => netnsPath;

    /// <summary>Which came before which.</summary>
    public int Order => order;

    public List<TaskCompletionSource> Waiting { get; } = [];

    /// <summary>Its rules as they were written; null: not yet.</summary>
    public string? Applied { get; private set; }

    /// <summary>The generation of its namespace's rules that its own have made; 0 where somebody else was at it meanwhile.</summary>
    public uint Generation { get; private set; }

    /// <summary>How often known flows are still to be looked through, and not before when.</summary>
    public int Sweeps { get; private set; }

    public TimeSpan SweepAt { get; private set; }

    /// <summary>After a failure: when it is tried again. Others do not wait for it.</summary>
    public TimeSpan NotBefore { get; private set; }

    /// <summary>When it wants to be looked at without anything having changed.</summary>
    public TimeSpan? Wake => NotBefore > TimeSpan.Zero ? NotBefore : Sweeps > 0 ? SweepAt : null;

    public void Wrote(string script, uint generation) => (Applied, Generation, Sweeps, SweepAt) = (script, generation, 2, TimeSpan.Zero);

    public void Swept(TimeSpan now) => (Sweeps, SweepAt) = (Sweeps - 1, now + SecondLook);

    public void Succeeded() => (_delay, NotBefore) = (FirstDelay, TimeSpan.Zero);

    public void Failed(TimeSpan now)
    {
        NotBefore = now + _delay;
        _delay = _delay * 2 > LongestDelay ? LongestDelay : _delay * 2;
    }
}
