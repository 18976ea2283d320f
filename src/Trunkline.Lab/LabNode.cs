namespace Trunkline.Lab;

/// <summary>A node of a lab.</summary>
/// <param name="Name">Its name in the cluster and its host name.</param>
/// <param name="Role"><c>control-plane</c> or <c>worker</c>.</param>
/// <param name="Address">Its address on the nodes' network.</param>
public sealed record LabNode(string Name, string Role, string Address)
{
    /// <summary>Whether the API server listens in its namespace.</summary>
    public bool IsControlPlane => Role == "control-plane";
}
