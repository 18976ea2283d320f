using System.Security.Cryptography.X509Certificates;

namespace Trunkline.Node.Streaming;

/// <summary>Who may ask the agent: the API server, and administrators, with certificates of the cluster.</summary>
internal sealed class ClientAuthority
{
    private const string ApiServer = "kube-apiserver-kubelet-client";
    private const string Administrators = "system:masters";
    private const string CommonName = "2.5.4.3";
    private const string Organization = "2.5.4.10";

    private readonly X509Certificate2Collection _authorities = [];

    public ClientAuthority(string caFile) => _authorities.ImportFromPemFile(caFile);

    /// <summary>Whether the cluster signed it.</summary>
    public bool Signed(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck; // a cluster's CA publishes no revocations
        return chain.Build(certificate);
    }

    public static bool MayAsk(X500DistinguishedName subject) => subject.EnumerateRelativeDistinguishedNames().Any(name =>
        !name.HasMultipleElements && ((name.GetSingleElementType().Value == CommonName && name.GetSingleElementValue() == ApiServer)
            || (name.GetSingleElementType().Value == Organization && name.GetSingleElementValue() == Administrators)));
}
