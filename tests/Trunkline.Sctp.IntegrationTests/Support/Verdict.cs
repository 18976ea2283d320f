using Xunit;

namespace Trunkline.Sctp.IntegrationTests.Support;

/// <summary>What a good conversation looks like in a capture.</summary>
internal static class Verdict
{
    public const int Data = 0, Init = 1, InitAck = 2, Sack = 3, Abort = 6, Shutdown = 7, ShutdownAck = 8, CookieEcho = 10, CookieAck = 11, ShutdownComplete = 14;

    /// <summary>Checksums good, nothing malformed, one pair of verification tags from INIT to the end.</summary>
    public static void IsSound(IReadOnlyList<CapturedPacket> packets, string client)
    {
        Assert.NotEmpty(packets);
        Assert.All(packets, packet => Assert.Equal("1", packet.Checksum));
        Assert.DoesNotContain(packets, packet => packet.Faulty);
        var clientTag = packets.First(packet => packet.Has(Init)).InitiateTag;
        var serverTag = packets.First(packet => packet.Has(InitAck)).InitiateTag;
        Assert.All(packets, packet => Assert.Equal(packet.Has(Init) ? 0 : packet.Source == client ? serverTag : clientTag, packet.Tag));
    }

    /// <summary>Chunks that come for the first time in this order.</summary>
    public static void Goes(IReadOnlyList<CapturedPacket> packets, params int[] chunks)
    {
        var places = chunks.Select(chunk => packets.ToList().FindIndex(packet => packet.Has(chunk))).ToList();
        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
    }

    /// <summary>INIT to SHUTDOWN COMPLETE.</summary>
    public static void IsWhole(IReadOnlyList<CapturedPacket> packets, string client)
    {
        IsSound(packets, client);
        Goes(packets, Init, InitAck, CookieEcho, CookieAck, Data, Sack, Shutdown, ShutdownAck, ShutdownComplete);
        Assert.DoesNotContain(packets, packet => packet.Has(Abort));
    }
}
