using System.Collections.Concurrent;

namespace Trunkline.Node.Network.Nft;

/// <summary>
/// What the elements of a set are made of, read from its declaration, and their bytes as the kernel keeps them: a single field as it is, the fields of a concatenation
/// each padded to four bytes.
/// </summary>
/// <param name="Key">Fields of the key.</param>
/// <param name="Value">Fields of a map's value; empty in a set.</param>
internal sealed record ElementType(IReadOnlyList<ElementField> Key, IReadOnlyList<ElementField> Value)
{
    private const string Separator = " . ";
    private static readonly ConcurrentDictionary<string, ElementType> s_known = new(StringComparer.Ordinal);

    public bool HasVerdicts => Value is [ElementField.Verdict];

    public int KeySize => Size(Key);

    public int ValueSize => Size(Value);

    public static ElementType Of(NftSet set) => s_known.GetOrAdd(set.Declaration, Parse);

    public void WriteKey(ReadOnlySpan<char> text, Span<byte> to) => Write(Key, text, to);

    public void WriteValue(ReadOnlySpan<char> text, Span<byte> to) => Write(Value, text, to);

    private static ElementType Parse(string declaration)
    {
        var type = declaration[..declaration.IndexOf(';', StringComparison.Ordinal)].Trim();
        var words = type.StartsWith("typeof ", StringComparison.Ordinal) ? type["typeof ".Length..]
            : type.StartsWith("type ", StringComparison.Ordinal) ? type["type ".Length..]
            : throw new FormatException($"a set's declaration begins with its type: {declaration}");
        var sides = words.Split(" : ");
        return new ElementType(Fields(sides[0], declaration), sides.Length > 1 ? Fields(sides[1], declaration) : []);
    }

    private static IReadOnlyList<ElementField> Fields(string side, string declaration) =>
    [
        .. side.Split(Separator).Select(word => ElementFields.Parse(word.Trim()) ?? throw new FormatException($"no such type of an element: {word} in {declaration}")),
    ];

    private static int Size(IReadOnlyList<ElementField> fields) => fields.Count == 1 ? fields[0].Size() : fields.Sum(field => (field.Size() + 3) & ~3);

    private static void Write(IReadOnlyList<ElementField> fields, ReadOnlySpan<char> text, Span<byte> to)
    {
        to.Clear();
        var left = text;
        for (var index = 0; index < fields.Count; index++)
        {
            var end = index == fields.Count - 1 ? left.Length : left.IndexOf(Separator, StringComparison.Ordinal);
            if (end < 0)
            {
                throw new FormatException($"{text} has fewer fields than its set");
            }

            fields[index].Write(left[..end].Trim(), to);
            to = to[Math.Min((fields[index].Size() + 3) & ~3, to.Length)..];
            left = index == fields.Count - 1 ? [] : left[(end + Separator.Length)..];
        }
    }
}
