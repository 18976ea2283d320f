using System.Net;
using System.Text;

namespace Trunkline.Node.Network.Sctp;

/// <summary>
/// Addresses that an INIT or INIT ACK names beside the one it comes from (RFC 9260 sections 3.3.2.1, 5.1.2). Translation changes the header's address alone, so that the
/// peer learns of addresses at which it cannot reach anybody, or reaches somebody else. Pure.
/// </summary>
internal sealed record ListedAddresses(IPAddress Source, int SourcePort, IPAddress Destination, int DestinationPort, bool IsAnswer, IReadOnlyList<string> Addresses)
{
    private const int Init = 1, InitAck = 2, FixedPart = 16, Ipv4Address = 5, Ipv6Address = 6, HostName = 11;
    private const int MostListed = 16, LongestName = 64;

    /// <summary>Null where nothing beside the source is listed.</summary>
    public static ListedAddresses? Read(ReadOnlySpan<byte> bytes)
    {
        if (!SctpPacket.TryRead(bytes, out var packet))
        {
            return null;
        }

        var chunks = packet.Chunks;
        if (!chunks.Next() || chunks.Type is not (Init or InitAck) || chunks.Value.Length < FixedPart)
        {
            return null;
        }

        var listed = new List<string>();
        var parameters = new SctpChunks(chunks.Value[FixedPart..], parameters: true);
        while (parameters.Next() && listed.Count < MostListed)
        {
            if (Text(parameters) is { } text && text != $"{packet.Source}" && !listed.Contains(text))
            {
                listed.Add(text);
            }
        }

        return listed.Count == 0 ? null
            : new ListedAddresses(packet.Source, packet.SourcePort, packet.Destination, packet.DestinationPort, chunks.Type == InitAck, listed);
    }

    private static string? Text(SctpChunks parameter) => parameter.Type switch
    {
        Ipv4Address when parameter.Value.Length == 4 => $"{new IPAddress(parameter.Value)}",
        Ipv6Address when parameter.Value.Length == 16 => $"{new IPAddress(parameter.Value)}",
        HostName => $"name {Printable(parameter.Value)}",
        _ => null,
    };

    // Goes into logs and Events: letters only.
    private static string Printable(ReadOnlySpan<byte> name)
    {
        var text = new StringBuilder();
        foreach (var value in name[..Math.Min(name.Length, LongestName)].TrimEnd((byte)0))
        {
            text.Append(char.IsAsciiLetterOrDigit((char)value) || value is (byte)'.' or (byte)'-' ? (char)value : '?');
        }

        return text.ToString();
    }
}
