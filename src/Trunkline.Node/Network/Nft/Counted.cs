namespace Trunkline.Node.Network.Nft;

/// <summary>A chain or set that parts name: how many do, and whether the kernel has it.</summary>
internal class Counted<T>(T item)
{
    public T Item { get; } = item;

    public int Uses { get; set; }

    public bool InKernel { get; set; }

    /// <summary>Puts itself on the list where it belongs, if on any; from then on the kernel counts as told.</summary>
    public void Take(List<T> fresh, List<T> gone)
    {
        if (Uses > 0 == InKernel)
        {
            return;
        }

        (InKernel ? gone : fresh).Add(Item);
        InKernel = !InKernel;
    }
}
