using Trunkline.Policy.Model;

namespace Trunkline.Node.Network.Secondary;

/// <summary>What the kernel does for rules in Pods' own network namespaces.</summary>
internal interface ISecondaryKernel
{
    /// <summary>Writes them in one transaction. Gives the generation they have made, by which it is seen later whether somebody else was there; 0 where somebody was meanwhile.</summary>
    Task<uint> WriteAsync(string netnsPath, string script, CancellationToken cancellationToken);

    /// <summary>The number of the namespace's rules, which every transaction of anybody raises.</summary>
    uint Generation(string netnsPath);

    /// <summary>Forgets known flows that are no longer allowed. Gives how many.</summary>
    int Sweep(NetworkedPod pod, string netnsPath, Func<string, PolicyCluster> clusterOn);
}
