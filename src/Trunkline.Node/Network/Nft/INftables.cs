namespace Trunkline.Node.Network.Nft;

/// <summary>The kernel's rules of this node.</summary>
internal interface INftables
{
    /// <summary>One transaction: all of it or, with an <see cref="NftException"/>, nothing.</summary>
    Task ApplyAsync(string script, CancellationToken cancellationToken);

    /// <summary>
    /// Changes elements, and nothing but elements, in one transaction on rules of that <see cref="Generation"/>: all of it or, with an <see cref="NftException"/>, nothing.
    /// </summary>
    void Commit(IReadOnlyList<SetChange> changes, uint generation);

    /// <summary>What the table holds by name; nothing where there is no table.</summary>
    Task<IReadOnlyList<ExistingObject>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Number of the namespace's rules, which every transaction of anybody raises.</summary>
    uint Generation();
}
