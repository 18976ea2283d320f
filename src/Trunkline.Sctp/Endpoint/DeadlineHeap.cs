using Trunkline.Sctp.Association;

namespace Trunkline.Sctp.Endpoint;

/// <summary>Associations by their next deadline; each knows its place, so that moving one costs log n and no allocation.</summary>
internal sealed class DeadlineHeap
{
    private (long Deadline, AssociationMachine Association)[] _items = new (long, AssociationMachine)[16];
    private int _count;

    public long Next => _count == 0 ? Timers.Never : _items[0].Deadline;

    public AssociationMachine First => _items[0].Association;

    public void Set(AssociationMachine association)
    {
        var deadline = association.NextDeadline;
        if (deadline == Timers.Never)
        {
            Remove(association);
            return;
        }

        if (association.HeapIndex < 0)
        {
            if (_count == _items.Length)
            {
                Array.Resize(ref _items, _count * 2);
            }

            association.HeapIndex = _count++;
        }

        Settle(association.HeapIndex, (deadline, association));
    }

    public void Remove(AssociationMachine association)
    {
        var index = association.HeapIndex;
        if (index < 0)
        {
            return;
        }

        association.HeapIndex = -1;
        var last = _items[--_count];
        _items[_count] = default;
        if (index < _count)
        {
            Settle(index, last);
        }
    }

    private void Settle(int index, (long Deadline, AssociationMachine Association) item)
    {
        for (; index > 0 && item.Deadline < _items[(index - 1) / 2].Deadline; index = (index - 1) / 2)
        {
            Place(index, _items[(index - 1) / 2]);
        }

        for (var child = (2 * index) + 1; child < _count; child = (2 * index) + 1)
        {
            child += child + 1 < _count && _items[child + 1].Deadline < _items[child].Deadline ? 1 : 0;
            if (_items[child].Deadline >= item.Deadline)
            {
                break;
            }

            Place(index, _items[child]);
            index = child;
        }

        Place(index, item);
    }

    private void Place(int index, (long Deadline, AssociationMachine Association) item)
    {
        _items[index] = item;
        item.Association.HeapIndex = index;
    }
}
