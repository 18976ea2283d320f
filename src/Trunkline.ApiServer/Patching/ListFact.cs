namespace Trunkline.ApiServer.Patching;

/// <summary>How a list or map is merged.</summary>
/// <param name="MergeKey">patchMergeKey; empty for a list of scalars.</param>
/// <param name="Merge">patchStrategy merge: items are merged by key, or united.</param>
/// <param name="RetainKeys">patchStrategy retainKeys: fields not named by the patch are cleared.</param>
/// <param name="MapKeys">x-kubernetes-list-map-keys for server-side apply; empty for an atomic list.</param>
/// <param name="Set">x-kubernetes-list-type set.</param>
/// <param name="Atomic">The value is one whole (x-kubernetes-map-type atomic).</param>
public sealed record ListFact(string MergeKey, bool Merge, bool RetainKeys, IReadOnlyList<string> MapKeys, bool Set, bool Atomic)
{
    public static readonly ListFact None = new("", false, false, [], false, false);
}
