namespace Trunkline.ApiServer.Storage;

/// <summary>An entry of the log. A deletion's object is the last state under the revision of the deletion.</summary>
/// <param name="Revision">The revision that this write made.</param>
/// <param name="Type">What happened.</param>
/// <param name="State">The state afterwards; for a deletion the last state.</param>
/// <param name="Previous">The state before, or null where the object is new.</param>
public sealed record Change(long Revision, ChangeType Type, StoredObject State, StoredObject? Previous);
