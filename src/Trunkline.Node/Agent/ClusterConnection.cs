using System.Security.Cryptography.X509Certificates;
using k8s;

namespace Trunkline.Node.Agent;

/// <summary>The agent's client: its own certificate, and no trust but the cluster's.</summary>
internal static class ClusterConnection
{
    public static Kubernetes Open(NodeConfig config)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(config.CaFile);
        return new Kubernetes(new KubernetesClientConfiguration
        {
            Host = config.ApiServer,
            SslCaCerts = authorities,
            ClientCertificateFilePath = config.CertFile,
            ClientKeyFilePath = config.KeyFile,
            UserAgent = "trunkline-node-agent",
        });
    }
}
