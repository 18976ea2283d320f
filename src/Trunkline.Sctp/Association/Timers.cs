namespace Trunkline.Sctp.Association;

/// <summary>The deadlines of one association (RFC 9260 sections 4, 6.3, 8.3, 9.2).</summary>
internal struct Timers
{
    public const long Never = long.MaxValue;

    public Timers()
    {
    }

    /// <summary>T1-init and T1-cookie, which never run together.</summary>
    public long T1 { get; set; } = Never;

    public long T2Shutdown { get; set; } = Never;

    public long T3Retransmission { get; set; } = Never;

    public long T5Guard { get; set; } = Never;

    public long SackDelay { get; set; } = Never;

    public long Heartbeat { get; set; } = Never;

    public readonly long Next =>
        Math.Min(Math.Min(Math.Min(T1, T2Shutdown), Math.Min(T3Retransmission, T5Guard)), Math.Min(SackDelay, Heartbeat));
}
