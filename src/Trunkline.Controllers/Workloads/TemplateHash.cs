using System.Security.Cryptography;
using System.Text;
using k8s;
using k8s.Models;

namespace Trunkline.Controllers.Workloads;

/// <summary>A short name for what a Pod template says, in the letters Kubernetes uses (no vowels, so that no words come out).</summary>
internal static class TemplateHash
{
    private const string Letters = "bcdfghjklmnpqrstvwxz2456789";

    public static string Of(V1PodTemplateSpec template)
    {
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(KubernetesJson.Serialize(template)));
        return string.Concat(digest.Take(10).Select(b => Letters[b % Letters.Length]));
    }
}
