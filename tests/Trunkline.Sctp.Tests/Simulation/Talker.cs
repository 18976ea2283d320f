using System.Buffers.Binary;
using Trunkline.Sctp.Endpoint;

namespace Trunkline.Sctp.Tests.Simulation;

/// <summary>A program at one end: sends numbered messages, checks what it reads, and remembers how it ended.</summary>
public sealed class Talker(string name, SctpEndpoint endpoint, Random random, int messages, int largest, ushort streams, bool slowReader)
{
    private const int HeaderSize = 16;
    private readonly Dictionary<(ushort Stream, bool Unordered), uint> _sentCount = [];
    private readonly Dictionary<ushort, uint> _expected = [];
    private readonly HashSet<(ushort Stream, uint Number)> _unordered = [];
    private readonly byte[] _readBuffer = new byte[700];
    private readonly List<byte> _message = [];
    private byte[]? _next;
    private ushort _nextStream;
    private SendModes _nextModes;
    private int _offset;

    public AssociationId Association { get; set; }

    public int Sent { get; private set; }

    public int Read { get; private set; }

    public bool PeerShutdown { get; private set; }

    public bool Completed { get; private set; }

    public AssociationFailure? Failure { get; private set; }

    public bool Ended => Completed || Failure is not null;

    public bool IsEstablished { get; private set; }

    public bool SentAll => Sent == messages;

    public void Act(long now)
    {
        while (endpoint.TryReadEvent(out var occurred))
        {
            Note(occurred);
        }

        if (Association.IsNone)
        {
            return;
        }

        if (!slowReader || random.Next(4) == 0 || Ended)
        {
            ReadAll(now);
        }

        if (IsEstablished && !Ended)
        {
            SendSome(now);
        }
    }

    private void Note(in EndpointEvent occurred)
    {
        switch (occurred.Kind)
        {
            case EndpointEventKind.Accepted:
                Assert.True(Association.IsNone, $"{name}: accepted twice");
                Association = occurred.Association;
                endpoint.MarkAccepted(Association);
                IsEstablished = true;
                break;
            case EndpointEventKind.Established:
                IsEstablished = true;
                break;
            case EndpointEventKind.PeerShutdown:
                PeerShutdown = true;
                break;
            case EndpointEventKind.ShutdownComplete:
                Completed = true;
                break;
            case EndpointEventKind.Failed:
                Failure = occurred.Failure;
                break;
        }
    }

    private void SendSome(long now)
    {
        while (!SentAll)
        {
            _next ??= Compose();
            var rest = _next.AsSpan(_offset);

            // Now and then a message goes in parts, as a large one must.
            var part = rest.Length > 300 && (_offset > 0 || largest > 20_000) ? rest[..Math.Min(rest.Length, 5000)] : rest;
            var modes = _nextModes | (part.Length < rest.Length ? SendModes.MoreFollows : SendModes.None);
            var status = endpoint.Send(Association, _nextStream, 7, modes, part, now);
            if (status != SendStatus.Accepted)
            {
                Assert.True(status is SendStatus.WouldBlock or SendStatus.Closed, $"{name}: send said {status}");
                return;
            }

            _offset += part.Length;
            if (_offset == _next.Length)
            {
                _next = null;
                _offset = 0;
                Sent++;
            }
        }
    }

    private byte[] Compose()
    {
        _nextStream = (ushort)random.Next(streams);
        var unordered = random.Next(4) == 0;
        _nextModes = (unordered ? SendModes.Unordered : 0) | (random.Next(10) == 0 ? SendModes.AcknowledgeAtOnce : 0);
        var number = _sentCount.GetValueOrDefault((_nextStream, unordered));
        _sentCount[(_nextStream, unordered)] = number + 1;
        var size = random.Next(3) == 0 ? random.Next(HeaderSize, largest) : random.Next(HeaderSize, Math.Min(largest, 400));
        var message = new byte[size];
        BinaryPrimitives.WriteUInt32BigEndian(message, number);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(4), _nextStream);
        message[6] = unordered ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(8), size);
        for (var i = HeaderSize; i < size; i++)
        {
            message[i] = (byte)(i * 31 + number);
        }

        return message;
    }

    private void ReadAll(long now)
    {
        while (endpoint.Read(Association, _readBuffer, out var part, now) == ReadStatus.Data)
        {
            _message.AddRange(_readBuffer.AsSpan(0, part.Length));
            if (part.EndOfMessage)
            {
                Check(_message.ToArray(), part);
                _message.Clear();
                Read++;
            }
        }
    }

    private void Check(byte[] message, in ReceivedPart part)
    {
        var number = BinaryPrimitives.ReadUInt32BigEndian(message);
        Assert.Equal(part.Stream, BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(4)));
        Assert.Equal(part.Unordered, message[6] == 1);
        Assert.Equal(message.Length, BinaryPrimitives.ReadInt32BigEndian(message.AsSpan(8)));
        Assert.Equal(7u, part.PayloadProtocolId);
        for (var i = HeaderSize; i < message.Length; i++)
        {
            if (message[i] != (byte)(i * 31 + number))
            {
                Assert.Fail($"{name}: byte {i} of message {number} is wrong");
            }
        }

        if (part.Unordered)
        {
            Assert.True(_unordered.Add((part.Stream, number)), $"{name}: unordered message {number} of stream {part.Stream} came twice");
        }
        else
        {
            var expected = _expected.GetValueOrDefault(part.Stream);
            Assert.True(expected == number, $"{name}: stream {part.Stream} gave message {number} where {expected} was due");
            _expected[part.Stream] = number + 1;
        }
    }
}
