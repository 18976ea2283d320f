namespace Trunkline.Sctp.Association;

/// <summary>RFC 9260 section 7.2: slow start and congestion avoidance by bytes acknowledged.</summary>
internal sealed class RenoCongestionControl : ICongestionControl
{
    // Section 7.2.1: L may be 2 where bursts are limited, and the send pass limits them.
    private const int SlowStartLimit = 2;
    private int _dataSize;
    private int _partialBytesAcknowledged;

    public RenoCongestionControl(int dataSize)
    {
        _dataSize = dataSize;
        Window = Math.Min(4 * dataSize, Math.Max(2 * dataSize, 4404));
        SlowStartThreshold = int.MaxValue / 2;
    }

    public int Window { get; private set; }

    public int SlowStartThreshold { get; private set; }

    public void Acknowledged(in Acknowledgement acknowledgement)
    {
        // Growing a window that was not used would let a later burst flood the path.
        var used = acknowledgement.FlightBefore + _dataSize > Window;
        if (Window <= SlowStartThreshold)
        {
            if (used && acknowledgement.CumulativeAdvanced && !acknowledgement.InFastRecovery)
            {
                Grow(Math.Min(acknowledgement.Bytes, SlowStartLimit * _dataSize));
            }
        }
        else
        {
            Avoid(acknowledgement, used);
        }

        if (acknowledgement.NothingOutstanding)
        {
            _partialBytesAcknowledged = 0;
        }
    }

    public void FastRetransmit()
    {
        Halve();
        Window = SlowStartThreshold;
    }

    public void Timeout()
    {
        Halve();
        Window = _dataSize;
    }

    public void Idle(int timeouts)
    {
        var floor = 4 * _dataSize;
        if (timeouts <= 0 || Window <= floor)
        {
            return;
        }

        SlowStartThreshold = Window;
        Window = Math.Max(Window >> Math.Min(timeouts, 30), floor);
    }

    public void DataSizeChanged(int dataSize) => _dataSize = dataSize;

    private void Avoid(in Acknowledgement acknowledgement, bool used)
    {
        _partialBytesAcknowledged += acknowledgement.Bytes;
        if (_partialBytesAcknowledged < Window)
        {
            return;
        }

        if (used)
        {
            _partialBytesAcknowledged -= Window;
            Grow(_dataSize);
        }
        else
        {
            _partialBytesAcknowledged = Window;
        }
    }

    private void Grow(int bytes) => Window = (int)Math.Min((long)Window + bytes, int.MaxValue / 4);

    private void Halve()
    {
        SlowStartThreshold = Math.Max(Window / 2, 4 * _dataSize);
        _partialBytesAcknowledged = 0;
    }
}
