namespace Trunkline.Sctp.Association;

/// <summary>Serial number arithmetic of TSNs and stream sequence numbers (RFC 9260 section 1.6).</summary>
internal static class Serial
{
    public static bool Less(uint left, uint right) => (int)(left - right) < 0;

    public static bool Less(ushort left, ushort right) => (short)(left - right) < 0;
}
