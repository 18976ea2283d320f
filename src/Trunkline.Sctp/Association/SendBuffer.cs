namespace Trunkline.Sctp.Association;

/// <summary>The memory of what is to be sent or acknowledged, and its account.</summary>
internal sealed class SendBuffer(BlockPool blocks)
{
    /// <summary>What a chunk costs beside its block: its node and its place in ring and queues.</summary>
    public const int Overhead = 64;

    private readonly NodePool<Fragment> _fragments = new();

    public int Charged { get; private set; }

    public ref Fragment this[int index] => ref _fragments[index];

    public static int Cost(int length) => BlockPool.SizeFor(length) + Overhead;

    public bool TryAdd(ReadOnlySpan<byte> payload, out int index)
    {
        if (!blocks.TryAllocate(payload.Length, out var block))
        {
            index = NodePool<Fragment>.None;
            return false;
        }

        payload.CopyTo(blocks.Bytes(block, payload.Length));
        index = _fragments.Rent();
        _fragments[index] = new Fragment { Block = block, Length = payload.Length, Next = NodePool<Fragment>.None };
        Charged += Cost(payload.Length);
        return true;
    }

    public ReadOnlySpan<byte> Payload(scoped in Fragment fragment) => blocks.Bytes(fragment.Block, fragment.Length);

    public void Release(int index)
    {
        ref var fragment = ref _fragments[index];
        Charged -= Cost(fragment.Length);
        blocks.Free(fragment.Block);
        _fragments.Return(index);
    }
}
