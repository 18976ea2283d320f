namespace Trunkline.Node.Network.Nft;

/// <summary>
/// The way from one state of the rules to the next, in three steps of which only the middle one is seen by traffic: nothing leads to what is prepared, and nothing any
/// more to what is cleaned up.
/// </summary>
/// <param name="Prepare">nft script: new sets and chains, empty where nothing is new.</param>
/// <param name="Elements">One transaction.</param>
/// <param name="CleanUp">nft script: sets and chains that nobody names any more.</param>
internal sealed record RulesChange(string Prepare, IReadOnlyList<SetChange> Elements, string CleanUp)
{
    public bool IsEmpty => Prepare.Length == 0 && Elements.Count == 0 && CleanUp.Length == 0;
}
