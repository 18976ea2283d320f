namespace Trunkline.Node.Network.Nft;

/// <summary>An element of a set, or (with a value) of a map, in nft's own words.</summary>
/// <param name="Set">Name of the set.</param>
/// <param name="Key"><c>10.0.0.1 . sctp . 80</c>; in an interval set also <c>10.0.0.1-10.0.0.9</c>.</param>
/// <param name="Value"><c>goto spread_2</c>, <c>10.128.2.5 . 30102</c>; empty in a set.</param>
internal readonly record struct NftElement(string Set, string Key, string Value = "");
