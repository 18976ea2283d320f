using System.Security.Cryptography;
using System.Text;

namespace Trunkline.Node.Network.Nft;

/// <summary>A named set or map of the kernel's rules: what it is, not what is in it.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="Declaration">Type, flags and limits, as inside nft's braces. The type comes first.</param>
internal sealed record NftSet(string Name, string Declaration)
{
    public bool IsMap { get; init; }

    /// <summary>Its elements are ranges, which are replaced as a whole: ranges that grow and shrink overlap their former selves.</summary>
    public bool IsInterval { get; init; }

    /// <summary>Filled by the kernel: declared, and then never touched (what was counted stays over a full synchronization).</summary>
    public bool IsKernels { get; init; }

    /// <summary>Written beside a set that the kernel fills: what an earlier agent declared otherwise cannot be kept, and the kernel would refuse to have it declared anew.</summary>
    public string Fingerprint => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Word} {Declaration}")).AsSpan(0, 8));

    public string Word => IsMap ? "map" : "set";
}
