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

    /// <summary>Where files may be put that go with the server.</summary>
    public string Folder => _directory;

    public string Address => _host!.Addresses[0];

    public string AuthorityFile => Path.Join(_directory, "ca.crt");

    public static async Task<RealApi> StartAsync(string? advertised = null, string? secondServices = null)
    {
        var api = new RealApi();
        var (certificate, key) = api.Issue("CN=apiserver");
        api._host = await ApiServerHost.StartAsync(new ApiServerOptions
        {
            DatabasePath = Path.Join(api._directory, "apiserver.db"),
            ServerCertificate = X509Certificate2.CreateFromPem(certificate, key),
            ClientAuthorities = [api._authority],
            ListenEndPoints = [new IPEndPoint(IPAddress.Loopback, 0)],
            AdvertisedEndPoint = advertised is null ? null : IPEndPoint.Parse(advertised),
            SecondaryServiceNetwork = secondServices is null ? null : IPNetwork.Parse(secondServices),
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

    /// <summary>A plain client, as curl would be; without a subject it shows no certificate.</summary>
    public HttpClient Http(string? subject)
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.Add(_authority);
        if (subject is not null)
        {
            var (certificate, key) = Issue(subject);
            handler.SslOptions.ClientCertificates = [X509Certificate2.CreateFromPem(certificate, key)];
        }

        var client = new HttpClient(handler) { BaseAddress = new Uri(Address) };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("curl/8.0");
        return client;
    }

    /// <summary>A kubeconfig of the administrator; gives its path.</summary>
    public string WriteKubeconfig()
    {
        var (certificate, key) = Issue("O=system:masters, CN=system:admin");
        File.WriteAllText(AuthorityFile, AuthorityPem);
        File.WriteAllText(Path.Join(_directory, "admin.crt"), certificate);
        File.WriteAllText(Path.Join(_directory, "admin.key"), key);
        var path = Path.Join(_directory, "kubeconfig");
        File.WriteAllText(path, $"""
            apiVersion: v1
            kind: Config
            clusters: [ {"{"} name: c, cluster: {"{"} server: "{Address}", certificate-authority: {AuthorityFile} {"}"} {"}"} ]
            users: [ {"{"} name: u, user: {"{"} client-certificate: {_directory}/admin.crt, client-key: {_directory}/admin.key {"}"} {"}"} ]
            contexts: [ {"{"} name: x, context: {"{"} cluster: c, user: u {"}"} {"}"} ]
            current-context: x
            """);
        return path;
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
