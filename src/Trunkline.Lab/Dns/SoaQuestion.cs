using System.Buffers.Binary;
using System.Text;

namespace Trunkline.Lab.Dns;

/// <summary>Asks for a zone's SOA record, by which a server tells which version of the zone it answers from (RFC 1035 sections 3.3.13 and 4). Pure.</summary>
internal static class SoaQuestion
{
    private const ushort Soa = 6, Internet = 1;
    private const int Header = 12, AfterName = 10, NumbersOfSoa = 20;

    public static byte[] Write(string zone, ushort id)
    {
        var labels = zone.Split('.', StringSplitOptions.RemoveEmptyEntries).SelectMany(label => Encoding.ASCII.GetBytes(label).Prepend((byte)label.Length));
        return [(byte)(id >> 8), (byte)id, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, .. labels, 0, 0, (byte)Soa, 0, (byte)Internet];
    }

    /// <summary>The serial number in the answer to that question; null where it is no such answer.</summary>
    public static uint? Serial(ReadOnlySpan<byte> answer, ReadOnlySpan<byte> question)
    {
        if (answer.Length < question.Length || !answer[..2].SequenceEqual(question[..2]) || (answer[3] & 15) != 0
            || BinaryPrimitives.ReadUInt16BigEndian(answer[6..]) == 0 || !answer[Header..question.Length].SequenceEqual(question[Header..]))
        {
            return null;
        }

        var rest = AfterOwner(answer[question.Length..]);
        if (rest.Length < AfterName || BinaryPrimitives.ReadUInt16BigEndian(rest) != Soa)
        {
            return null;
        }

        // Two names, then five numbers of which the serial is the first.
        var length = BinaryPrimitives.ReadUInt16BigEndian(rest[8..]);
        return length >= NumbersOfSoa && rest.Length >= AfterName + length ? BinaryPrimitives.ReadUInt32BigEndian(rest[(AfterName + length - NumbersOfSoa)..]) : null;
    }

    private static ReadOnlySpan<byte> AfterOwner(ReadOnlySpan<byte> record)
    {
        while (record.Length > 0 && record[0] is > 0 and < 64)
        {
            record = record[Math.Min(record.Length, record[0] + 1)..];
        }

        return record.Length == 0 ? record : record[Math.Min(record.Length, record[0] == 0 ? 1 : 2)..];
    }
}
