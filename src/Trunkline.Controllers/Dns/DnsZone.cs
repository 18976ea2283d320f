using System.Globalization;
using System.Text;

namespace Trunkline.Controllers.Dns;

/// <summary>A zone: its name without the last dot (the root's is empty) and its records beside SOA.</summary>
public sealed record DnsZone(string Name, string PrimaryServer, string Mailbox, IReadOnlyList<DnsRecord> Records)
{
    /// <summary>
    /// How long an answer may be kept, in seconds; also one that says that there is nothing (RFC 2308). The specification of Kubernetes' DNS shows 5 to 30: a
    /// Service that moves is found at its new address at once.
    /// </summary>
    public const int TimeToLive = 5;

    /// <summary>All of it as a master file, under a serial number.</summary>
    public string ToMasterFile(uint serial)
    {
        var text = new StringBuilder(64 * (Records.Count + 4));
        text.Append(CultureInfo.InvariantCulture, $"$TTL {TimeToLive}\n");
        text.Append(CultureInfo.InvariantCulture, $"{Name}. SOA {PrimaryServer} {Mailbox} {serial} 7200 1800 86400 {TimeToLive}\n");
        foreach (var record in Records)
        {
            text.Append(record.Name).Append(' ').Append(record.Type).Append(' ').Append(record.Data).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Whether both say the same.</summary>
    public bool Same(DnsZone other) => Name == other.Name && Records.SequenceEqual(other.Records);
}
