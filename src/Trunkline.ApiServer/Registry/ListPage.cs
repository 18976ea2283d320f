using Trunkline.ApiServer.Storage;

namespace Trunkline.ApiServer.Registry;

/// <summary>A page of a list.</summary>
/// <param name="Items">The objects.</param>
/// <param name="Revision">The revision at which the list is true.</param>
/// <param name="Continue">Where to go on; empty at the end.</param>
/// <param name="Remaining">How many follow; null at the end.</param>
internal sealed record ListPage(IReadOnlyList<StoredObject> Items, long Revision, string Continue, int? Remaining);
