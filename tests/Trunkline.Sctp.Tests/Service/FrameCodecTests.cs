using System.Buffers.Binary;
using CsCheck;
using Trunkline.Sctp.Endpoint;
using Trunkline.Sctp.Service;

namespace Trunkline.Sctp.Tests.Service;

/// <summary>Bodies of frames: what is written is read, and what is not there is a violation, whatever the bytes.</summary>
public sealed class FrameCodecTests
{
    private static readonly Gen<byte[]> _bodies = Gen.Byte.Array[0, 64];

    [Fact]
    public void What_is_written_is_read() =>
        Gen.Select(Gen.Byte, Gen.UShort, Gen.UInt, Gen.String, Gen.Byte.Array[0, 40]).Sample((one, two, four, text, rest) =>
        {
            // A text travels as UTF-8: half a surrogate pair is no character.
            text = new string([.. text.Where(character => !char.IsSurrogate(character))]);
            var frame = new FrameWriter().Start(FrameKind.Data).Byte(one).UInt16(two).UInt32(four).Text(text).Bytes(rest).Finish().Span;
            Assert.Equal(frame.Length - ServiceProtocol.HeaderSize, BinaryPrimitives.ReadInt32BigEndian(frame));
            Assert.Equal((byte)FrameKind.Data, frame[4]);
            Assert.Equal([0, 0, 0], frame.Slice(5, 3).ToArray());
            var reader = new FrameReader(frame[ServiceProtocol.HeaderSize..]);
            Assert.Equal((one, two, four, text), (reader.Byte(), reader.UInt16(), reader.UInt32(), reader.Text()));
            Assert.Equal(rest, reader.Bytes(rest.Length).ToArray());
            reader.Done();
        });

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("10.1.2.3")]
    [InlineData("::")]
    [InlineData("fe80::1%7")]
    [InlineData("2001:db8::5")]
    [InlineData("::ffff:10.1.2.3")]
    public void Addresses_travel_with_family_and_scope(string text)
    {
        var address = SctpAddress.Parse(text);
        var frame = new FrameWriter().Start(FrameKind.Bind).Address(address).UInt16(7).Finish().Span;
        var reader = new FrameReader(frame[ServiceProtocol.HeaderSize..]);
        Assert.Equal(address, reader.Address());
        Assert.Equal(7, reader.UInt16());
    }

    [Fact]
    public void An_address_of_neither_family_is_the_default()
    {
        var frame = new FrameWriter().Start(FrameKind.Bind).Address(default).Finish().Span;
        Assert.Equal(default, new FrameReader(frame[ServiceProtocol.HeaderSize..]).Address());
    }

    [Fact]
    public void A_family_nobody_knows_is_a_violation() =>
        Gen.Byte.Where(family => family is not (0 or 4 or 6)).Sample(family =>
            Assert.Throws<ProtocolViolationException>(() => new FrameReader([family, .. new byte[20]]).Address()));

    [Fact]
    public void A_body_cut_short_anywhere_is_a_violation()
    {
        var body = new FrameWriter().Start(FrameKind.Connect).Address(SctpAddress.Parse("fd00::1")).UInt16(80).Text("why").UInt32(1).Finish().ToArray()[ServiceProtocol.HeaderSize..];
        for (var length = 0; length < body.Length; length++)
        {
            Assert.Throws<ProtocolViolationException>(() => ReadAll(body[..length]));
        }

        ReadAll(body);
        Assert.Throws<ProtocolViolationException>(() => ReadAll([.. body, 0]));
    }

    [Fact]
    public void Random_bodies_give_values_or_a_violation_and_nothing_else() => _bodies.Sample(body =>
    {
        try
        {
            ReadAll(body);
        }
        catch (ProtocolViolationException violation)
        {
            Assert.NotEmpty(violation.Message);
        }
    }, iter: 20_000);

    [Fact]
    public void A_long_sentence_is_cut()
    {
        var frame = new FrameWriter().Start(FrameKind.End).Text(new string('é', 5000)).Finish().Span;
        Assert.Equal(ServiceProtocol.HeaderSize + 2 + 1024, frame.Length);
        Assert.Equal(new string('é', 512), new FrameReader(frame[ServiceProtocol.HeaderSize..]).Text());
    }

    private static void ReadAll(byte[] body)
    {
        var reader = new FrameReader(body);
        reader.Address();
        reader.UInt16();
        reader.Text();
        reader.UInt32();
        reader.Done();
    }
}
