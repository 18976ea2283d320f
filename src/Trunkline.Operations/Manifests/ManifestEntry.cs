namespace Trunkline.Operations.Manifests;

/// <summary>A key of a mapping and its value.</summary>
/// <param name="Key">The key, a scalar.</param>
/// <param name="Value">The value.</param>
/// <param name="Merged">Whether it came by a merge key (<c>&lt;&lt;</c>) from another mapping.</param>
public sealed record ManifestEntry(ManifestNode Key, ManifestNode Value, bool Merged = false);
