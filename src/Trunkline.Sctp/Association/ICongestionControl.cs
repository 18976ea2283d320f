namespace Trunkline.Sctp.Association;

/// <summary>How much may be in flight on one path. Sizes are bytes of user data.</summary>
internal interface ICongestionControl
{
    int Window { get; }

    int SlowStartThreshold { get; }

    /// <summary>A SACK acknowledged data.</summary>
    void Acknowledged(in Acknowledgement acknowledgement);

    /// <summary>A chunk was found lost by missing reports, outside fast recovery.</summary>
    void FastRetransmit();

    /// <summary>T3-rtx expired.</summary>
    void Timeout();

    /// <summary>Nothing was sent for this many retransmission timeouts.</summary>
    void Idle(int timeouts);

    /// <summary>The path takes data chunks of another size.</summary>
    void DataSizeChanged(int dataSize);
}
