using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using k8s;
using Trunkline.ApiServer;

namespace Trunkline.Controllers.Tests.Support;

/// <summary>The lab's own API server over TLS on a free port, and clients with certificates, as in a lab.</summary>
internal sealed class RealApi : IAsyncDisposable
{
    private readonly ECDsa _authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _authority;
    private readonly string _directory = Directory.CreateTempSubdirectory("trunkline-controllers-").FullName;
    private ApiServerHost? _host;

    private RealApi()
    {
        var request = new CertificateRequest("CN=test", _authorityKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _authority = request.CreateSelfSigned(DateTimeOffset.UnixEpoch.AddYears(50), DateTimeOffset.UnixEpoch.AddYears(100));
    }

    public string AuthorityPem => _authority.ExportCertificatePem();

    public static async Task<RealApi> StartAsync()
    {
        var api = new RealApi();
        var (certificate, key) = api.Issue("CN=apiserver");
        api._host = await ApiServerHost.StartAsync(new ApiServerOptions
        {
            DatabasePath = Path.Join(api._directory, "apiserver.db"),
            ServerCertificate = X509Certificate2.CreateFromPem(certificate, key),
            ClientAuthorities = [api._authority],
            ListenEndPoints = [new IPEndPoint(IPAddress.Loopback, 0)],
        });
        return api;
    }

    public Kubernetes Client(string subject)
    {
        var (certificate, key) = Issue(subject);
        return new Kubernetes(new KubernetesClientConfiguration
        {
            Host = _host!.Addresses[0],
            SslCaCerts = [_authority],
            ClientCertificateData = Convert.ToBase64String(Encoding.ASCII.GetBytes(certificate)),
            ClientCertificateKeyData = Convert.ToBase64String(Encoding.ASCII.GetBytes(key)),
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _host!.DisposeAsync();
        _authority.Dispose();
        _authorityKey.Dispose();
        Directory.Delete(_directory, true);
    }

    private (string Certificate, string Key) Issue(string subject)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.Create(_authority, _authority.NotBefore, _authority.NotAfter, RandomNumberGenerator.GetBytes(8));
        return (signed.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }
}
