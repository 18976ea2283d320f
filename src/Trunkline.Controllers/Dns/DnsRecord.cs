namespace Trunkline.Controllers.Dns;

/// <summary>One record in the words of a master file (RFC 1035 section 5): names are whole and end with a dot.</summary>
/// <param name="Name">Whose record it is.</param>
/// <param name="Type">A, AAAA, SRV, CNAME, PTR, TXT, NS.</param>
/// <param name="Data">Its data.</param>
public readonly record struct DnsRecord(string Name, string Type, string Data);
