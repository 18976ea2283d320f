using Trunkline.Operations.Cluster;

namespace Trunkline.Operations.Objects;

/// <summary>A kind whose objects could not be read, so that what is said about the cluster is said without them.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Why">What the server answered, or what the archive lacks.</param>
/// <param name="Forbidden">Whether a right is missing (<c>list</c> on this resource); else the reader failed in another way.</param>
public sealed record UnreadKind(ResourceKind Kind, string Why, bool Forbidden);
