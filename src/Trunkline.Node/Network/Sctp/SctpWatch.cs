using System.Net;
using Microsoft.Extensions.Logging;
using Trunkline.Node.Network.Flows;
using Trunkline.Node.Network.Netlink;

namespace Trunkline.Node.Network.Sctp;

/// <summary>
/// Reads what the rules show of SCTP: answers packets of associations nobody knows, and tells of addresses that cannot pass. A thread of its own, in the namespace of the
/// thread that makes it; packets that come while it is away are lost, and their senders send again. Where somebody else listens to the log's groups, or the kernel has no
/// room, strays are dropped unanswered, and it tries again.
/// </summary>
internal sealed class SctpWatch : IDisposable
{
    // The rules let through less than this; a bound that holds whatever the rules are.
    private const int AnswersASecond = 1000;
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);
    private readonly AddressNotices _notices;
    private readonly IConntrack _conntrack;
    private readonly Action<AddressNotice> _tell;
    private readonly TokenBucket _bucket;
    private readonly ILogger _logger;
    private readonly Thread _thread;
    private readonly ManualResetEventSlim _stop = new();
    private PacketLog? _packets;
    private AnswerSocket? _answers;
    private string _said = "";

    public SctpWatch(AddressNotices notices, IConntrack conntrack, Action<AddressNotice> tell, TimeProvider time, ILogger logger)
    {
        (_notices, _conntrack, _tell, _logger) = (notices, conntrack, tell, logger);
        _bucket = new TokenBucket(AnswersASecond, AnswersASecond, time);
        Try(Open);
        _thread = new Thread(Run) { IsBackground = true, Name = "sctp watch" };
        _thread.Start();
    }

    public void Dispose()
    {
        _stop.Set();
        _thread.Join();
        Close();
        _stop.Dispose();
    }

    // The thread is in the namespace in which it was started, and so are the sockets that it opens later.
    private void Run()
    {
        while (!_stop.IsSet)
        {
            if (_answers is null)
            {
                _stop.Wait(Again);
                Try(Open);
            }
            else
            {
                Try(() => _packets!.Read(Take));
            }
        }
    }

    private void Open()
    {
        _packets = new PacketLog(SctpChains.StrayGroup, SctpChains.AddressGroup);
        _answers = new AnswerSocket();
        _said = "";
    }

    private void Close()
    {
        _packets?.Dispose();
        _answers?.Dispose();
        (_packets, _answers) = (null, null);
    }

    private void Try(Action action)
    {
        try
        {
            action();
        }
        catch (NetlinkException exception)
        {
            Close();
            if (exception.Message != _said)
            {
                _said = exception.Message;
                DataPlaneLog.PacketLogFailed(_logger, exception.Message);
            }
        }
    }

    private void Take(int group, ReadOnlySpan<byte> packet)
    {
        if (group == SctpChains.StrayGroup)
        {
            if (StrayAnswer.To(packet) is { } answer && _bucket.TryTake())
            {
                _answers!.TrySend(answer);
            }
        }
        else if (ListedAddresses.Read(packet) is { } listed && Frontend(listed) is { } frontend && _notices.Note(listed, frontend) is { } notice)
        {
            DataPlaneLog.AddressesCannotPass(_logger, notice.Message, notice.Times);
            _tell(notice);
        }
    }

    // Where the client sent its INIT to: what an endpoint answers still comes from the endpoint here.
    private (IPAddress Address, int Port)? Frontend(ListedAddresses listed) => !listed.IsAnswer
        ? (listed.Destination, listed.DestinationPort)
        : _conntrack.OfReply(SctpPacket.Protocol, listed.Source, listed.SourcePort, listed.Destination, listed.DestinationPort) is { } flow ? (flow.Destination, flow.DestinationPort) : null;
}
