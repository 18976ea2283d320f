namespace Trunkline.Sctp.Association;

/// <summary>A place in a slab of the <see cref="BlockPool"/>.</summary>
internal readonly record struct Block(int Slab, int Offset);
