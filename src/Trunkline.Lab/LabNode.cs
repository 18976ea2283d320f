namespace Trunkline.Lab;

/// <summary>A node of a lab.</summary>
/// <param name="Name">Its name in the cluster and its host name.</param>
/// <param name="Role"><c>control-plane</c> or <c>worker</c>.</param>
/// <param name="Address">Its address on the nodes' network.</param>
/// <param name="Address6">The same in IPv6; null in a lab without.</param>
public sealed record LabNode(string Name, string Role, string Address, string? Address6 = null)
{
    /// <summary>Its addresses, the primary one first.</summary>
    public IReadOnlyList<string> Addresses => Address6 is null ? [Address] : [Address, Address6];


    /// <summary>Whether the API server listens in its namespace.</summary>
    public bool IsControlPlane => Role == "control-plane";
}
