using CsCheck;
using Trunkline.Sctp.Endpoint;
using Trunkline.Sctp.Wire;

namespace Trunkline.Sctp.Tests.Wire;

public sealed class CodecProperties
{
    [Fact]
    public void The_checksum_is_the_castagnoli_one_in_its_byte_order()
    {
        // "123456789" has CRC32c 0xE3069283; here it stands behind a header of zeros, so the reference is made bit by bit.
        Gen.Byte.Array[12, 300].Sample(bytes =>
        {
            var packet = bytes.ToArray();
            Crc32c.Write(packet);
            packet.AsSpan(8, 4).CopyTo(bytes.AsSpan(8));
            Assert.True(Crc32c.Verify(bytes));
            bytes.AsSpan(8, 4).Clear();
            Assert.Equal(BitByBit(bytes), BitConverter.ToUInt32(packet, 8));
        });
        Assert.Equal(0xE3069283, BitByBit("123456789"u8));
    }

    [Fact]
    public void Every_single_bit_flip_is_noticed() =>
        Gen.Select(Gen.Byte.Array[16, 200], Gen.Int[0, 1_000_000]).Sample((packet, where) =>
        {
            Crc32c.Write(packet);
            packet[where / 8 % packet.Length] ^= (byte)(1 << (where % 8));
            return !Crc32c.Verify(packet);
        });

    [Fact]
    public void Data_is_read_as_it_was_written() =>
        Gen.Select(Gen.UInt, Gen.UShort, Gen.UShort, Gen.UInt, Gen.Byte[0, 15], Gen.Byte.Array[1, 300]).Sample((tsn, stream, sequence, ppid, flags, payload) =>
        {
            var buffer = new byte[400];
            var packet = new PacketWriter(buffer, 1, 2, 3);
            DataChunk.Write(ref packet, flags, tsn, stream, sequence, ppid, payload);
            packet.Finish();
            Assert.Equal(0, packet.Length % 4);
            Assert.True(Crc32c.Verify(buffer.AsSpan(0, packet.Length)));
            var chunks = new ChunkReader(buffer.AsSpan(CommonHeader.Size, packet.Length - CommonHeader.Size));
            Assert.True(chunks.TryRead(out var chunk));
            Assert.True(DataChunk.TryRead(chunk, out var data));
            Assert.Equal((tsn, stream, sequence, ppid, flags), (data.Tsn, data.Stream, data.StreamSequence, data.PayloadProtocolId, data.Flags));
            Assert.True(data.Payload.SequenceEqual(payload));
            Assert.False(chunks.TryRead(out _));
            Assert.False(chunks.Malformed);
        });

    [Fact]
    public void Readers_take_any_bytes_and_end() =>
        Gen.Byte.Array[0, 400].Sample(bytes =>
        {
            var chunks = new ChunkReader(bytes);
            var total = 0;
            while (chunks.TryRead(out var chunk))
            {
                total += chunk.Whole.Length;
                DataChunk.TryRead(chunk, out _);
                SackChunk.TryRead(chunk, out _);
                if (InitChunk.TryRead(chunk, out var init))
                {
                    _ = new Trunkline.Sctp.Association.InitParameters(init.Parameters).IsUsable;
                }
            }

            return total <= bytes.Length;
        });

    [Fact]
    public void Addresses_keep_their_bytes()
    {
        Gen.Byte.Array[16].Sample(bytes =>
        {
            var address = SctpAddress.FromBytes(bytes, 3);
            var back = new byte[16];
            var length = address.WriteTo(back);
            Assert.Equal(address, SctpAddress.FromBytes(back.AsSpan(0, length), 3));
            Assert.Equal(address.ToIPAddress().ToString(), address.ToString());
        });
        Assert.True(SctpAddress.Parse("::ffff:10.1.2.3").IsIPv4);
        Assert.Equal("10.1.2.3", SctpAddress.Parse("::ffff:10.1.2.3").ToString());
    }

    [Fact]
    public void Cookies_come_back_as_they_went_and_any_changed_byte_is_noticed()
    {
        var sealer = new CookieSealer(new Simulation.SeededRandom(1));
        Gen.Select(Gen.UInt, Gen.UInt, Gen.UShort, Gen.UShort, Gen.Int[0, CookieSealer.SealedSize - 1]).Sample((tag, tsn, port, streams, where) =>
        {
            var cookie = new StateCookie
            {
                Key = new Trunkline.Sctp.Association.AssociationKey(SctpAddress.Parse("fd00::1"), port, SctpAddress.Parse("fd00::2"), 9),
                LocalTag = tag,
                LocalTsn = tsn,
                Peer = new Trunkline.Sctp.Association.PeerParameters(tsn, tag, 5000, streams, 3),
                TieLocalTag = 4,
                TiePeerTag = 5,
                Expires = 1L << 40,
            };
            var bytes = new byte[CookieSealer.SealedSize];
            sealer.Seal(cookie, bytes);
            Assert.True(sealer.TryOpen(bytes, out var opened));
            Assert.Equal(cookie, opened);
            bytes[where] ^= 0x10;
            Assert.False(sealer.TryOpen(bytes, out _));
        });
    }

    private static uint BitByBit(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var octet in bytes)
        {
            crc ^= octet;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
            }
        }

        return ~crc;
    }
}
