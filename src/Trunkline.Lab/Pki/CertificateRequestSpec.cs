using System.Net;

namespace Trunkline.Lab.Pki;

/// <summary>What a certificate is for.</summary>
/// <param name="File">The name of its files.</param>
/// <param name="CommonName">The user's or server's name.</param>
/// <param name="Organization">The user's group, as Kubernetes reads it; null for none.</param>
/// <param name="DnsNames">Names a server is reached by; with <paramref name="Addresses"/> empty for a client.</param>
/// <param name="Addresses">Addresses a server is reached by.</param>
internal sealed record CertificateRequestSpec(
    string File, string CommonName, string? Organization, IReadOnlyList<string> DnsNames, IReadOnlyList<IPAddress> Addresses)
{
    public bool IsServer => DnsNames.Count + Addresses.Count > 0;

    public static CertificateRequestSpec Client(string file, string commonName, string? organization) => new(file, commonName, organization, [], []);
}
