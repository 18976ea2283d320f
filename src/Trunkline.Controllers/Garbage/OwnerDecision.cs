namespace Trunkline.Controllers.Garbage;

/// <summary>What is to be done with an object because of its owners.</summary>
internal enum OwnerDecision
{
    Keep,

    /// <summary>All owners are gone.</summary>
    Delete,

    /// <summary>A living owner stays: only the references to the gone ones go.</summary>
    DropReferences,
}
