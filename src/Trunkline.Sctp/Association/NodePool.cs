namespace Trunkline.Sctp.Association;

/// <summary>Structs by number, used again: linked lists without an object a node.</summary>
internal sealed class NodePool<T>
    where T : struct
{
    public const int None = -1;
    private T[] _nodes = new T[16];
    private int[] _free = new int[16];
    private int _freeCount;
    private int _touched;

    public ref T this[int index] => ref _nodes[index];

    public int Rent()
    {
        if (_freeCount > 0)
        {
            return _free[--_freeCount];
        }

        if (_touched == _nodes.Length)
        {
            Array.Resize(ref _nodes, _touched * 2);
            Array.Resize(ref _free, _touched * 2);
        }

        return _touched++;
    }

    public void Return(int index)
    {
        _nodes[index] = default;
        _free[_freeCount++] = index;
    }
}
