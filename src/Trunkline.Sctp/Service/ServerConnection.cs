using System.Net;
using Trunkline.Sctp.Endpoint;
using Trunkline.Sctp.Loops;

namespace Trunkline.Sctp.Service;

/// <summary>One program's socket: its requests in order, one at a time, while its connection is watched for the program's end.</summary>
internal sealed class ServerConnection(ServiceServer server, EndpointLoop loop, FrameConnection frames) : IAsyncDisposable
{
    // Cancelled by DisposeAsync, which follows however RunAsync ends: a connect whose caller is gone must send no further INIT.
    private readonly CancellationTokenSource _gone = new();
    private readonly List<byte[]> _offered = [];
    private AssociationOptions _options = AssociationOptions.Default;
    private IPEndPoint? _local;
    private LoopListener? _listener;
    private ServedAssociation? _association;
    private Task _request = Task.CompletedTask;
    private volatile bool _answering;
    private bool _greeted;
    private bool _boundAny = true;

    internal async Task RunAsync(CancellationToken stopping)
    {
        while (await frames.ReadAsync(stopping) is { } frame)
        {
            if (!_greeted)
            {
                await GreetAsync(frame, stopping);
            }
            else if (frame.Kind is FrameKind.Data or FrameKind.Credit or FrameKind.Abort)
            {
                await StreamAsync(frame, stopping);
            }
            else if (_answering)
            {
                throw new ProtocolViolationException("a request before the reply to the one before it");
            }
            else
            {
                _answering = true;
                _request = AnswerAsync(_request, Understand(frame), _gone.Token);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _gone.CancelAsync();
        _listener?.Close();
        foreach (var token in _offered)
        {
            var left = server.Claim(token);
            left?.Abort();
            left?.Close();
        }

        // The request ends by itself now that its caller is gone; what it brought is closed with the rest.
        await _request.ContinueWith(static _ => { }, TaskScheduler.Default);
        if (_association is not null)
        {
            await _association.DisposeAsync();
        }

        frames.Dispose();
        _gone.Dispose();
    }

    private async Task GreetAsync(Frame frame, CancellationToken cancellationToken)
    {
        ReadHello(frame);
        _greeted = true;
        await frames.WriteAsync(w => w.Start(FrameKind.Hello).UInt32(ServiceProtocol.Magic).UInt16(ServiceProtocol.Version), cancellationToken);
    }

    private static void ReadHello(Frame frame)
    {
        var reader = new FrameReader(frame.Body.Span);
        if (frame.Kind != FrameKind.Hello || reader.UInt32() != ServiceProtocol.Magic)
        {
            throw new ProtocolViolationException("not a client of this service");
        }

        var version = reader.UInt16();
        if (version != ServiceProtocol.Version)
        {
            throw new ProtocolViolationException($"version {version} of the protocol");
        }
    }

    private async ValueTask StreamAsync(Frame frame, CancellationToken cancellationToken)
    {
        var association = _association ?? throw new ProtocolViolationException($"{frame.Kind} without an association");
        switch (frame.Kind)
        {
            case FrameKind.Data:
                await association.SendAsync(frame.Body, cancellationToken);
                break;
            case FrameKind.Credit:
                association.Grant(new FrameReader(frame.Body.Span).UInt32());
                break;
            default:
                association.Abort();
                break;
        }
    }

    // Reads the body at once (it is valid only until the next frame) and gives back what to do.
    private Func<CancellationToken, Task<Action<FrameWriter>>> Understand(Frame frame)
    {
        var reader = new FrameReader(frame.Body.Span);
        switch (frame.Kind)
        {
            case FrameKind.Bind:
                var bindTo = reader.Address();
                var bindPort = reader.UInt16();
                return _ => BindAsync(bindTo, bindPort);
            case FrameKind.Connect:
                var peer = reader.Address();
                var peerPort = reader.UInt16();
                return token => ConnectAsync(peer, peerPort, token);
            case FrameKind.Listen:
                var backlog = reader.UInt16();
                return _ => ListenAsync(backlog);
            case FrameKind.Accept:
                return AcceptAsync;
            case FrameKind.Attach:
                var token = reader.Bytes(ServiceProtocol.TokenSize).ToArray();
                return _ => AttachAsync(token);
            case FrameKind.Shutdown:
                return ShutdownAsync;
            case FrameKind.Names:
                return _ => NamesAsync();
            case FrameKind.GetOption:
                var wanted = (ServiceOption)reader.UInt16();
                return _ => GetOptionAsync(wanted);
            case FrameKind.SetOption:
                var option = (ServiceOption)reader.UInt16();
                var value = reader.UInt32();
                return _ => SetOptionAsync(option, value);
            default:
                throw new ProtocolViolationException($"frame kind {(int)frame.Kind} from a client");
        }
    }

    private async Task AnswerAsync(Task before, Func<CancellationToken, Task<Action<FrameWriter>>> request, CancellationToken cancellationToken)
    {
        // A quick client has read a reply, and asks again, before the write of that reply has come to its end here.
        await before;
        Action<FrameWriter> body;
        try
        {
            body = await request(cancellationToken);
        }
        catch (Exception refused) when (refused is SctpException or ArgumentException)
        {
            var error = (refused as SctpException)?.Error ?? SctpError.InvalidArgument;
            _answering = false;
            await frames.WriteAsync(w => w.Start(FrameKind.Reply).UInt32((uint)error).Text(refused.Message), cancellationToken);
            return;
        }

        _answering = false;
        await frames.WriteAsync(
            w =>
            {
                w.Start(FrameKind.Reply).UInt32(0).Text("");
                body(w);
            },
            cancellationToken);
        _association?.BeginDelivery();
    }

    private async Task<Action<FrameWriter>> BindAsync(SctpAddress address, ushort port)
    {
        await loop.InvokeAsync((_, _) => address.IsAny || loop.Transport.IsLocal(address)
            ? true
            : throw new SctpException(SctpError.AddressNotAvailable));
        _local = new IPEndPoint(address.IsIPv4 || address.IsIPv6 ? address.ToIPAddress() : IPAddress.IPv6Any, port);
        _boundAny = address == default;
        return _ => { };
    }

    private async Task<Action<FrameWriter>> ConnectAsync(SctpAddress peer, ushort port, CancellationToken cancellationToken)
    {
        RequireUnused();
        var family = peer.IsIPv4 ? IPAddress.Any : IPAddress.IPv6Any;
        var local = _local is null || _boundAny ? new IPEndPoint(family, _local?.Port ?? 0) : _local;
        var association = await loop.ConnectAsync(local, new IPEndPoint(peer.ToIPAddress(), port), ServiceOptions.Usable(_options), cancellationToken);
        return await TakeAsync(association);
    }

    private async Task<Action<FrameWriter>> ListenAsync(ushort backlog)
    {
        RequireUnused();
        var options = new ListenOptions { Backlog = Math.Clamp((int)backlog, 1, 4096), Association = ServiceOptions.Usable(_options) };
        _listener = await loop.ListenAsync(_boundAny ? null : _local, (ushort)(_local?.Port ?? 0), options);
        return w => w.Address(_listener.Address).UInt16(_listener.Port);
    }

    private async Task<Action<FrameWriter>> AcceptAsync(CancellationToken cancellationToken)
    {
        var listener = _listener ?? throw new SctpException(SctpError.InvalidArgument);
        var association = await listener.AcceptAsync(cancellationToken);
        var token = server.Offer(association);
        _offered.RemoveAll(old => !server.IsWaiting(old));
        _offered.Add(token);
        return w => w.Bytes(token);
    }

    private async Task<Action<FrameWriter>> AttachAsync(byte[] token)
    {
        RequireUnused();
        var association = server.Claim(token) ?? throw new SctpException(SctpError.ConnectionAborted);
        return await TakeAsync(association);
    }

    private async Task<Action<FrameWriter>> TakeAsync(LoopAssociation association)
    {
        _association = new ServedAssociation(association, frames);
        var info = await association.GetInfoAsync();
        return w => WriteNames(w, info);
    }

    private async Task<Action<FrameWriter>> ShutdownAsync(CancellationToken cancellationToken)
    {
        var association = _association ?? throw new SctpException(SctpError.NotConnected);
        await association.ShutdownAsync(cancellationToken);
        return _ => { };
    }

    private async Task<Action<FrameWriter>> NamesAsync()
    {
        var info = await Association.GetInfoAsync();
        return w => WriteNames(w, info);
    }

    private async Task<Action<FrameWriter>> GetOptionAsync(ServiceOption option)
    {
        var value = option >= ServiceOption.PacketsReceived
            ? await loop.InvokeAsync((endpoint, _) => ServiceOptions.Get(endpoint, option))
            : _association is null
            ? ServiceOptions.Get(_options, option)
            : ServiceOptions.Get(await Association.GetInfoAsync(), option);
        return w => w.UInt32(value);
    }

    private Task<Action<FrameWriter>> SetOptionAsync(ServiceOption option, uint value)
    {
        RequireUnused();
        _options = ServiceOptions.Set(_options, option, value);
        return Task.FromResult<Action<FrameWriter>>(_ => { });
    }

    private LoopAssociation Association => _association?.Association ?? throw new SctpException(SctpError.NotConnected);

    private void RequireUnused()
    {
        if (_association is not null || _listener is not null)
        {
            throw new SctpException(SctpError.AlreadyConnected);
        }
    }

    private static void WriteNames(FrameWriter writer, in AssociationInfo info) =>
        writer.Address(info.LocalAddress).UInt16(info.LocalPort).Address(info.PeerAddress).UInt16(info.PeerPort);
}
