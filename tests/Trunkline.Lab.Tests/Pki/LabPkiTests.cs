using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;
using Trunkline.Lab.Pki;
using Xunit;

namespace Trunkline.Lab.Tests.Pki;

public sealed class LabPkiTests : IDisposable
{
    private static readonly LabNode[] s_nodes = [new("control-plane-0", "control-plane", "192.168.126.10", "fd00:126::10"), new("worker-0", "worker", "192.168.126.11", "fd00:126::11")];

    private readonly string _directory = Directory.CreateTempSubdirectory("pki-").FullName;
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Everybody_is_signed_by_the_authority_and_is_who_Kubernetes_expects()
    {
        var pki = Ensure();

        Assert.Equal("CN=system:admin, O=system:masters", Verified(pki, pki.Admin, server: false).Subject);
        Assert.Equal("CN=system:kube-controller-manager", Verified(pki, pki.Controllers, server: false).Subject);
        Assert.Equal("CN=system:node:worker-0, O=system:nodes", Verified(pki, pki.NodeClient("worker-0"), server: false).Subject);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("192.168.126.10")]
    [InlineData("172.30.0.1")]
    [InlineData("fd00:126::10")]
    [InlineData("fd02::1")]
    [InlineData("kubernetes.default.svc")]
    public void The_api_server_is_who_it_says_by_each_of_its_names(string name)
    {
        var pki = Ensure();

        Assert.True(Verified(pki, pki.ApiServer, server: true).MatchesHostname(name));
    }

    [Fact]
    public void A_node_serves_under_its_own_address_alone()
    {
        var pki = Ensure();
        var serving = Verified(pki, pki.NodeServing("worker-0"), server: true);

        Assert.True(serving.MatchesHostname("192.168.126.11"));
        Assert.True(serving.MatchesHostname("fd00:126::11"));
        Assert.False(serving.MatchesHostname("192.168.126.10"));
    }

    [Fact]
    public void A_second_run_keeps_everything_and_adds_what_is_missing()
    {
        var before = File.ReadAllText(Ensure().Admin.CertificateFile);
        File.Delete(Ensure().NodeClient("worker-0").KeyFile);

        var pki = Ensure();

        Assert.Equal(before, File.ReadAllText(pki.Admin.CertificateFile));
        Assert.Equal("CN=system:node:worker-0, O=system:nodes", Verified(pki, pki.NodeClient("worker-0"), server: false).Subject);
    }

    [Fact]
    public void A_file_cut_short_by_a_crash_is_made_again()
    {
        var pki = Ensure();
        File.WriteAllText(pki.ApiServer.CertificateFile, "-----BEGIN CERTIFICATE-----\nMII");

        Ensure();

        Assert.Contains("kube-apiserver", Verified(pki, pki.ApiServer, server: true).Subject, StringComparison.Ordinal);
    }

    [Fact]
    public void Near_its_end_all_is_made_anew()
    {
        var before = File.ReadAllText(Ensure().CaFile);
        _time.Advance(TimeSpan.FromDays(340));

        var pki = Ensure();

        Assert.NotEqual(before, File.ReadAllText(pki.CaFile));
        Verified(pki, pki.Admin, server: false);
    }

    [Fact]
    public void Keys_are_readable_by_their_owner_alone()
    {
        Ensure();

        Assert.All(Directory.GetFiles(_directory, "*.key"), file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
    }

    [Fact]
    public void A_kubeconfig_carries_everything_inside()
    {
        var pki = Ensure();

        var text = Kubeconfig.Write("lab", "https://127.0.0.1:6443", pki.CaFile, pki.Admin, "system:admin");

        Assert.Contains("server: https://127.0.0.1:6443\n", text, StringComparison.Ordinal);
        Assert.Contains($"certificate-authority-data: {Convert.ToBase64String(File.ReadAllBytes(pki.CaFile))}\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain(_directory, text, StringComparison.Ordinal);
    }

    private LabPki Ensure() => LabPki.Ensure(_directory, s_nodes, _time);

    private X509Certificate2 Verified(LabPki pki, Certificate files, bool server)
    {
        var certificate = X509Certificate2.CreateFromPemFile(files.CertificateFile, files.KeyFile);
        using var chain = new X509Chain
        {
            ChainPolicy =
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                VerificationTimeIgnored = false,
                VerificationTime = _time.GetUtcNow().UtcDateTime,
            },
        };
        chain.ChainPolicy.CustomTrustStore.Add(X509CertificateLoader.LoadCertificateFromFile(pki.CaFile));
        chain.ChainPolicy.ApplicationPolicy.Add(new System.Security.Cryptography.Oid(server ? "1.3.6.1.5.5.7.3.1" : "1.3.6.1.5.5.7.3.2"));

        Assert.True(chain.Build(certificate), string.Join("; ", chain.ChainStatus.Select(status => status.StatusInformation)));
        return certificate;
    }
}
