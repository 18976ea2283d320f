using Microsoft.Extensions.Logging;
using Trunkline.Node.Network.Netlink;

namespace Trunkline.Node.Network.Sctp;

/// <summary>
/// Reads what the rules show of SCTP: answers packets of associations nobody knows, and tells of addresses that cannot pass. A thread of its own, in the namespace of the
/// thread that makes it; packets that come while it is away are lost, and their senders send again.
/// </summary>
internal sealed class SctpWatch : IDisposable
{
    // The rules let through less than this; a bound that holds whatever the rules are.
    private const int AnswersASecond = 1000;
    private readonly PacketLog _packets;
    private readonly AnswerSocket _answers;
    private readonly AddressNotices _notices;
    private readonly Action<AddressNotice> _tell;
    private readonly TokenBucket _bucket;
    private readonly ILogger _logger;
    private readonly Thread _thread;
    private readonly ManualResetEventSlim _stop = new();
    private long _answered;

    public SctpWatch(AddressNotices notices, Action<AddressNotice> tell, TimeProvider time, ILogger logger)
    {
        (_notices, _tell, _logger) = (notices, tell, logger);
        _bucket = new TokenBucket(AnswersASecond, AnswersASecond, time);
        _packets = new PacketLog(SctpChains.StrayGroup, SctpChains.AddressGroup);
        _answers = new AnswerSocket();
        _thread = new Thread(Run) { IsBackground = true, Name = "sctp watch" };
        _thread.Start();
    }

    /// <summary>How many packets were answered.</summary>
    public long Answered => Interlocked.Read(ref _answered);

    public void Dispose()
    {
        _stop.Set();
        _thread.Join();
        _packets.Dispose();
        _answers.Dispose();
        _stop.Dispose();
    }

    private void Run()
    {
        while (!_stop.IsSet)
        {
            try
            {
                _packets.Read(Take);
            }
            catch (NetlinkException exception)
            {
                DataPlaneLog.PacketLogFailed(_logger, exception.Message);
                _stop.Wait(TimeSpan.FromSeconds(1));
            }
        }
    }

    private void Take(int group, ReadOnlySpan<byte> packet)
    {
        if (group == SctpChains.StrayGroup)
        {
            if (StrayAnswer.To(packet) is { } answer && _bucket.TryTake() && _answers.TrySend(answer))
            {
                Interlocked.Increment(ref _answered);
            }
        }
        else if (ListedAddresses.Read(packet) is { } listed && _notices.Note(listed) is { } notice)
        {
            DataPlaneLog.AddressesCannotPass(_logger, notice.Message);
            _tell(notice);
        }
    }
}
