namespace Trunkline.Node.Network.Nft;

/// <summary>What becomes of the elements of one set in a transaction. First it is emptied or elements leave it, then elements come.</summary>
/// <param name="Set">The set.</param>
internal sealed record SetChange(NftSet Set)
{
    /// <summary>Everything that was in it leaves.</summary>
    public bool Flush { get; init; }

    /// <summary>Keys that leave.</summary>
    public IReadOnlyList<string> Deleted { get; init; } = [];

    /// <summary>Keys and values that come.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Added { get; init; } = [];
}
