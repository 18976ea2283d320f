using System.Net;
using CsCheck;
using Trunkline.Operations.Captures;
using Trunkline.Operations.Probes;
using Xunit;

namespace Trunkline.Operations.Tests.Captures;

public sealed class PacketDecoderTests
{
    private static readonly byte[] s_init = InitSender.Build(IPAddress.Parse("10.0.0.1"), IPAddress.Parse("10.0.0.2"), 1000, 30102, 7);

    [Fact]
    public void An_init_is_read_whole()
    {
        var packet = PacketDecoder.IPv4(s_init)!;

        Assert.Equal(["INIT"], packet.Chunks);
        Assert.Equal((1000, 30102, 0u), (packet.SourcePort, packet.DestinationPort, packet.VerificationTag));
        Assert.True(packet.ChecksumGood);
    }

    [Fact]
    public void A_changed_byte_makes_the_checksum_bad() =>
        Gen.Int[20, s_init.Length - 1].Sample(at =>
        {
            var changed = s_init.ToArray();
            changed[at] ^= 0x10;
            Assert.False(PacketDecoder.IPv4(changed)!.ChecksumGood);
        });

    [Fact]
    public void Any_bytes_are_read_without_an_exception() => Gen.Byte.Array[0, 200].Sample(bytes => { PacketDecoder.Ethernet(bytes); PacketDecoder.IPv4(bytes); PcapReader.Read(bytes); });
}
