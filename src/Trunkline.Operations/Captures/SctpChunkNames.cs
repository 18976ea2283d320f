namespace Trunkline.Operations.Captures;

/// <summary>Chunk types by name (RFC 9260 section 3.2).</summary>
internal static class SctpChunkNames
{
    private static readonly string[] s_names =
    [
        "DATA", "INIT", "INIT ACK", "SACK", "HEARTBEAT", "HEARTBEAT ACK", "ABORT", "SHUTDOWN", "SHUTDOWN ACK", "ERROR",
        "COOKIE ECHO", "COOKIE ACK", "ECNE", "CWR", "SHUTDOWN COMPLETE",
    ];

    public static string Of(byte type) => type < s_names.Length ? s_names[type] : $"chunk {type}";
}
