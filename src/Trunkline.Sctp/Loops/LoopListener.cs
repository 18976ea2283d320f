using System.Threading.Channels;
using Trunkline.Sctp.Endpoint;

namespace Trunkline.Sctp.Loops;

/// <summary>A listening port of a loop. The endpoint's backlog bounds what waits here.</summary>
public sealed class LoopListener
{
    private readonly EndpointLoop _loop;
    private readonly ListenerId _id;
    private readonly Channel<LoopAssociation> _waiting = Channel.CreateUnbounded<LoopAssociation>();

    internal LoopListener(EndpointLoop loop, ListenerId id, SctpAddress address, ushort port)
    {
        _loop = loop;
        _id = id;
        Address = address;
        Port = port;
    }

    public SctpAddress Address { get; }

    public ushort Port { get; }

    /// <summary>The next association, oldest first.</summary>
    public async Task<LoopAssociation> AcceptAsync(CancellationToken cancellationToken)
    {
        try
        {
            var association = await _waiting.Reader.ReadAsync(cancellationToken);
            _loop.Post((endpoint, _) => endpoint.MarkAccepted(association.Id));
            return association;
        }
        catch (ChannelClosedException closed) when (closed.InnerException is SctpException failure)
        {
            throw failure;
        }
        catch (ChannelClosedException)
        {
            throw new SctpException(SctpError.BadDescriptor, "the listener is closed");
        }
    }

    /// <summary>Stops listening; what nobody accepted is aborted, as a kernel does.</summary>
    public void Close() => _loop.Post((endpoint, _) =>
    {
        endpoint.Unlisten(_id);
        _loop.Remove(_id);
        _waiting.Writer.TryComplete();
        while (_waiting.Reader.TryRead(out var association))
        {
            association.Abort();
            association.Close();
        }
    });

    internal void Offer(LoopAssociation association)
    {
        association.MarkEstablished();
        _waiting.Writer.TryWrite(association);
    }

    internal void LoopEnded(SctpException failure) => _waiting.Writer.TryComplete(failure);
}
