using System.Diagnostics;

namespace Trunkline.ApiServer.Tests.Support;

/// <summary>The real kubectl, as the cluster's administrator.</summary>
internal sealed class Kubectl(TestCluster cluster)
{
    private readonly string _config = Write(cluster);

    public async Task<string> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("kubectl") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["KUBECONFIG"] = _config;
        start.Environment["HOME"] = cluster.Directory;
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (await output + await error).Trim();
    }

    private static string Write(TestCluster cluster)
    {
        var certificate = cluster.Pki.Client("O=system:masters, CN=system:admin");
        string Put(string name, string content)
        {
            var path = Path.Combine(cluster.Directory, name);
            File.WriteAllText(path, content);
            return path;
        }

        var ca = Put("ca.crt", cluster.Pki.AuthorityPem);
        var crt = Put("admin.crt", certificate.ExportCertificatePem());
        using var key = System.Security.Cryptography.X509Certificates.ECDsaCertificateExtensions.GetECDsaPrivateKey(certificate)!;
        var pem = Put("admin.key", key.ExportPkcs8PrivateKeyPem());
        return Put("kubeconfig", $$$"""
            apiVersion: v1
            kind: Config
            clusters: [{name: c, cluster: {server: "{{{cluster.Url}}}", certificate-authority: {{{ca}}} }}]
            users: [{name: u, user: {client-certificate: {{{crt}}}, client-key: {{{pem}}}}}]
            contexts: [{name: x, context: {cluster: c, user: u}}]
            current-context: x
            """);
    }
}
