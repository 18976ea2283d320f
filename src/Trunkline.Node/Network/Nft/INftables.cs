namespace Trunkline.Node.Network.Nft;

/// <summary>The kernel's rules of this node.</summary>
internal interface INftables
{
    /// <summary>One transaction: all of it or, with an <see cref="NftException"/>, nothing.</summary>
    Task ApplyAsync(string script, CancellationToken cancellationToken);

    /// <summary>What the table holds by name; nothing where there is no table.</summary>
    Task<IReadOnlyList<ExistingObject>> ListAsync(CancellationToken cancellationToken);
}
