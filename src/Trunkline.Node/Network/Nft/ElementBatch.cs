using System.Buffers.Binary;
using System.Text;

namespace Trunkline.Node.Network.Nft;

/// <summary>
/// A transaction of nfnetlink (subsystem nftables) that changes elements of sets: begin, messages of up to 60 kB, end. The formats are those of
/// linux/netfilter/nf_tables.h. Pure: bytes out.
/// </summary>
internal sealed class ElementBatch
{
    private const ushort BatchBegin = 16, BatchEnd = 17, Subsystem = 10, NewElement = (Subsystem << 8) | 12, DeleteElement = (Subsystem << 8) | 14;
    private const ushort Request = 1, Acknowledge = 4, CreateFlag = 0x400, Nested = 0x8000;
    private const byte Unspecified = 0, Inet = 1;
    private const int ListTable = 1, ListSet = 2, ListElements = 3, ListItem = 1;
    private const int ElementKey = 1, ElementData = 2, ElementFlags = 3, IntervalEnd = 1;
    private const int DataValue = 1, DataVerdict = 2, VerdictCode = 1, VerdictChain = 2;
    private const int LargestList = 60_000;
    private byte[] _bytes = new byte[4096];
    private int _length;
    private int _message = -1;
    private uint _sequence;

    private ElementBatch()
    {
    }

    /// <param name="changes">What is to happen, in order: in each set what leaves goes before what comes.</param>
    /// <param name="generation">The transaction is refused where the rules are no longer of this generation.</param>
    /// <param name="last">Sequence number of the message that is acknowledged.</param>
    public static ReadOnlyMemory<byte> Write(IReadOnlyList<SetChange> changes, uint generation, out uint last)
    {
        var batch = new ElementBatch();
        batch.Begin(BatchBegin, Request, Unspecified, Subsystem);
        batch.Number(1, generation);
        batch.End();
        foreach (var change in changes)
        {
            batch.Delete(change);
        }

        foreach (var change in changes)
        {
            batch.AddElements(change);
        }

        last = batch.AcknowledgeLast();
        batch.Begin(BatchEnd, Request, Unspecified, Subsystem);
        batch.End();
        return batch._bytes.AsMemory(0, batch._length);
    }

    private void Delete(SetChange change)
    {
        if (change.Flush)
        {
            BeginList(DeleteElement, 0, change.Set.Name);
            End();
        }

        var type = ElementType.Of(change.Set);
        Elements(DeleteElement, 0, change.Set, change.Deleted, key => Key(type, key));
    }

    private void AddElements(SetChange change)
    {
        var type = ElementType.Of(change.Set);
        if (change.Set.IsInterval)
        {
            var ends = change.Added.SelectMany(pair => Range(type, pair.Key)).ToList();
            Elements(NewElement, CreateFlag, change.Set, ends, end => Boundary(end.Bytes, end.IsEnd));
            return;
        }

        Elements(NewElement, CreateFlag, change.Set, change.Added, pair =>
        {
            Key(type, pair.Key);
            if (pair.Value.Length > 0)
            {
                Value(type, pair.Value);
            }
        });
    }

    private void Elements<T>(ushort kind, ushort flags, NftSet set, IReadOnlyList<T> items, Action<T> write)
    {
        for (var index = 0; index < items.Count;)
        {
            BeginList(kind, flags, set.Name);
            var list = Nest(ListElements);
            while (index < items.Count && _length - list < LargestList)
            {
                var item = Nest(ListItem);
                write(items[index++]);
                Close(item);
            }

            Close(list);
            End();
        }
    }

    private void Key(ElementType type, string text)
    {
        var key = Nest(ElementKey);
        type.WriteKey(text, Attribute(DataValue, type.KeySize));
        Close(key);
    }

    private void Value(ElementType type, string text)
    {
        var data = Nest(ElementData);
        if (type.HasVerdicts)
        {
            Verdict(text);
        }
        else
        {
            type.WriteValue(text, Attribute(DataValue, type.ValueSize));
        }

        Close(data);
    }

    // Codes of enum nft_verdicts and of netfilter's own verdicts.
    private void Verdict(string text)
    {
        var words = text.Split(' ');
        var code = words[0] switch
        {
            "drop" => 0,
            "accept" => 1,
            "continue" => -1,
            "jump" => -3,
            "goto" => -4,
            "return" => -5,
            _ => throw new FormatException($"no such verdict: {text}"),
        };
        var verdict = Nest(DataVerdict);
        Number(VerdictCode, (uint)code);
        if (words.Length == 2)
        {
            Text(VerdictChain, words[1]);
        }

        Close(verdict);
    }

    // The kernel keeps a range as its first address and, marked as an end, the first address behind it; a range that reaches the last address has no end.
    private static IEnumerable<(byte[] Bytes, bool IsEnd)> Range(ElementType type, string text)
    {
        var parts = text.Split('-');
        var first = new byte[type.KeySize];
        type.WriteKey(parts[0], first);
        yield return (first, false);
        var behind = new byte[type.KeySize];
        type.WriteKey(parts[^1], behind);
        if (Increment(behind))
        {
            yield return (behind, true);
        }
    }

    private static bool Increment(Span<byte> number)
    {
        for (var index = number.Length - 1; index >= 0; index--)
        {
            if (++number[index] != 0)
            {
                return true;
            }
        }

        return false;
    }

    private void Boundary(byte[] bytes, bool isEnd)
    {
        var key = Nest(ElementKey);
        bytes.CopyTo(Attribute(DataValue, bytes.Length));
        Close(key);
        if (isEnd)
        {
            Number(ElementFlags, IntervalEnd);
        }
    }

    private void BeginList(ushort kind, ushort flags, string set)
    {
        Begin(kind, (ushort)(Request | flags), Inet, 0);
        Text(ListTable, "trunkline");
        Text(ListSet, set);
    }

    private void Begin(ushort type, ushort flags, byte family, ushort resource)
    {
        _message = _length;
        var header = Reserve(20);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], type);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], flags);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], ++_sequence);
        header[16] = family;
        BinaryPrimitives.WriteUInt16BigEndian(header[18..], resource);
    }

    private void End() => BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(_message), (uint)(_length - _message));

    private uint AcknowledgeLast()
    {
        var flags = _bytes.AsSpan(_message + 6);
        BinaryPrimitives.WriteUInt16LittleEndian(flags, (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(flags) | Acknowledge));
        return _sequence;
    }

    private int Nest(int type)
    {
        var start = _length;
        BinaryPrimitives.WriteUInt16LittleEndian(Reserve(4)[2..], (ushort)(type | Nested));
        return start;
    }

    private void Close(int start) => BinaryPrimitives.WriteUInt16LittleEndian(_bytes.AsSpan(start), (ushort)(_length - start));

    private void Number(int type, uint number) => BinaryPrimitives.WriteUInt32BigEndian(Attribute(type, 4), number);

    private void Text(int type, string text) => Encoding.ASCII.GetBytes(text, Attribute(type, text.Length + 1));

    private Span<byte> Attribute(int type, int size)
    {
        var bytes = Reserve(4 + ((size + 3) & ~3));
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)(4 + size));
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[2..], (ushort)type);
        return bytes.Slice(4, size);
    }

    private Span<byte> Reserve(int size)
    {
        if (_length + size > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + size));
        }

        var span = _bytes.AsSpan(_length, size);
        span.Clear();
        _length += size;
        return span;
    }
}
