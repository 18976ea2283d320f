using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Trunkline.Lab.Pki;

/// <summary>
/// The lab's own certificate authority and what it signed, kept as PEM files. Made once; made again when it nears its end or when a file
/// is missing. Elliptic keys: making them takes a millisecond, RSA keys would take the time of the whole `lab up`.
/// </summary>
public sealed class LabPki
{
    private static readonly TimeSpan s_lifetime = TimeSpan.FromDays(365);
    private static readonly TimeSpan s_renewBefore = TimeSpan.FromDays(30);

    // A clock that went a little backwards must not make a certificate that is not valid yet.
    private static readonly TimeSpan s_slack = TimeSpan.FromHours(1);

    private readonly string _directory;
    private readonly TimeProvider _time;

    private LabPki(string directory, TimeProvider time) => (_directory, _time) = (directory, time);

    /// <summary>The authority's certificate.</summary>
    public string CaFile => Path.Join(_directory, "ca.crt");

    /// <summary>What the API server shows.</summary>
    public Certificate ApiServer => Named("apiserver");

    /// <summary>The administrator: system:admin of system:masters.</summary>
    public Certificate Admin => Named("admin");

    /// <summary>The controllers: system:kube-controller-manager.</summary>
    public Certificate Controllers => Named("controllers");

    /// <summary>Whom the API server is to node agents (exec, logs): kube-apiserver-kubelet-client.</summary>
    public Certificate ApiServerClient => Named("apiserver-client");

    /// <summary>The key that signs service accounts' tokens.</summary>
    public string ServiceAccountKeyFile => Path.Join(_directory, "service-accounts.key");

    /// <summary>Whom a node is to the API server: system:node:NAME of system:nodes.</summary>
    public Certificate NodeClient(string node) => Named($"node-{node}");

    /// <summary>What a node's agent shows.</summary>
    public Certificate NodeServing(string node) => Named($"serving-{node}");

    /// <summary>Opens the directory; makes everything that a lab of these nodes needs and that is missing.</summary>
    public static LabPki Ensure(string directory, IReadOnlyList<LabNode> nodes, TimeProvider time)
    {
        Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var pki = new LabPki(directory, time);
        using var ca = pki.EnsureAuthority();
        foreach (var spec in Wanted(nodes).Where(spec => !pki.IsGood(spec.File)))
        {
            pki.Issue(ca, spec);
        }

        if (!File.Exists(pki.ServiceAccountKeyFile))
        {
            using var key = RSA.Create(2048); // tokens are signed with RS256, as a real cluster's
            WriteSecret(pki.ServiceAccountKeyFile, key.ExportPkcs8PrivateKeyPem());
        }

        return pki;
    }

    private static IEnumerable<CertificateRequestSpec> Wanted(IReadOnlyList<LabNode> nodes)
    {
        yield return new("apiserver", "kube-apiserver", null,
            ["localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local", nodes[0].Name],
            [
                IPAddress.Loopback, .. nodes[0].Addresses.Select(IPAddress.Parse), IPAddress.Parse(LabDescription.KubernetesService),
                IPAddress.Parse(LabDescription.KubernetesService6),
            ]);
        yield return CertificateRequestSpec.Client("admin", "system:admin", "system:masters");
        yield return CertificateRequestSpec.Client("controllers", "system:kube-controller-manager", null);
        yield return CertificateRequestSpec.Client("apiserver-client", "kube-apiserver-kubelet-client", "system:masters");
        foreach (var node in nodes)
        {
            yield return CertificateRequestSpec.Client($"node-{node.Name}", $"system:node:{node.Name}", "system:nodes");
            yield return new($"serving-{node.Name}", $"system:node:{node.Name}", "system:nodes", [node.Name], [.. node.Addresses.Select(IPAddress.Parse)]);
        }
    }

    private X509Certificate2 EnsureAuthority()
    {
        if (IsGood("ca"))
        {
            return X509Certificate2.CreateFromPemFile(CaFile, Named("ca").KeyFile);
        }

        // A new authority makes all that the old one signed worthless.
        foreach (var old in Directory.EnumerateFiles(_directory, "*.crt"))
        {
            File.Delete(old);
        }

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=trunkline-lab-ca", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var now = _time.GetUtcNow();
        var authority = request.CreateSelfSigned(now - s_slack, now + s_lifetime);
        Write("ca", authority, key);
        return authority;
    }

    private void Issue(X509Certificate2 ca, CertificateRequestSpec spec)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var name = new X500DistinguishedNameBuilder();
        name.AddCommonName(spec.CommonName);
        if (spec.Organization is not null)
        {
            name.AddOrganizationName(spec.Organization);
        }

        var request = new CertificateRequest(name.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(spec.IsServer ? "1.3.6.1.5.5.7.3.1" : "1.3.6.1.5.5.7.3.2")], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(ca, true, false));
        if (spec.IsServer)
        {
            var names = new SubjectAlternativeNameBuilder();
            spec.DnsNames.ToList().ForEach(names.AddDnsName);
            spec.Addresses.ToList().ForEach(names.AddIpAddress);
            request.CertificateExtensions.Add(names.Build());
        }

        // RFC 5280, 4.1.2.2: positive, at most 20 octets.
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] &= 0x7F;
        using var certificate = request.Create(ca, _time.GetUtcNow() - s_slack, ca.NotAfter, serial);
        Write(spec.File, certificate, key);
    }

    private bool IsGood(string file)
    {
        var named = Named(file);
        if (!File.Exists(named.CertificateFile) || !File.Exists(named.KeyFile))
        {
            return false;
        }

        try
        {
            using var certificate = X509Certificate2.CreateFromPemFile(named.CertificateFile, named.KeyFile);
            return certificate.NotAfter.ToUniversalTime() - s_renewBefore > _time.GetUtcNow().UtcDateTime;
        }
        catch (CryptographicException)
        {
            return false; // cut short by a crash: made again
        }
    }

    // The key first: a certificate without its key would look finished.
    private void Write(string file, X509Certificate2 certificate, ECDsa key)
    {
        WriteSecret(Named(file).KeyFile, key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Named(file).CertificateFile, certificate.ExportCertificatePem() + "\n");
    }

    private static void WriteSecret(string path, string text)
    {
        File.Delete(path);
        using var stream = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        using var writer = new StreamWriter(stream);
        writer.Write(text + "\n");
    }

    private Certificate Named(string file) => new(Path.Join(_directory, $"{file}.crt"), Path.Join(_directory, $"{file}.key"));
}
