namespace Trunkline.Operations.Machines;

/// <summary>Names of machines that are not Nodes.</summary>
public static class MachineNames
{
    /// <summary>A host on the nodes' network that is no part of the cluster.</summary>
    public const string External = "external";
}
