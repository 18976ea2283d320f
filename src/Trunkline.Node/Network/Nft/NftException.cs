namespace Trunkline.Node.Network.Nft;

/// <summary>nftables refused a transaction, in its own words.</summary>
internal sealed class NftException : IOException
{
    public NftException()
    {
    }

    public NftException(string message)
        : base(message)
    {
    }

    public NftException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
