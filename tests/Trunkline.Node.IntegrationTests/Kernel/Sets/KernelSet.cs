using Trunkline.Node.IntegrationTests.Kernel.Statements;

namespace Trunkline.Node.IntegrationTests.Kernel.Sets;

/// <summary>A set or map, named or written into a rule: finds the element a key falls into.</summary>
internal sealed class KernelSet
{
    private readonly Dictionary<SetKey, KernelElement> _single = [];
    private readonly List<KernelElement> _ranges = [];
    private readonly List<KernelElement> _sorted = [];

    public KernelSet(string name, IEnumerable<KernelElement> elements, IReadOnlyCollection<string> words)
    {
        Name = name;
        Words = words;
        Span<UInt128> fields = stackalloc UInt128[8];
        foreach (var element in elements)
        {
            Count++;
            if (element.Fields.All(field => field.IsSingle))
            {
                for (var index = 0; index < element.Fields.Length; index++)
                {
                    fields[index] = element.Fields[index].First;
                }

                _single[SetKey.Of(fields[..element.Fields.Length])] = element;
            }
            else if (element.Fields.Length == 1)
            {
                _sorted.Add(element);
            }
            else
            {
                _ranges.Add(element);
            }
        }

        _sorted.Sort((left, right) => left.Fields[0].First.CompareTo(right.Fields[0].First));
    }

    public string Name { get; }

    public int Count { get; }

    /// <summary>Elements that are names of links, perhaps with a wildcard.</summary>
    public IReadOnlyCollection<string> Words { get; }

    /// <summary>Every chain its elements lead to.</summary>
    public IEnumerable<Verdict> Verdicts => _single.Values.Concat(_sorted).Concat(_ranges).Select(element => element.Verdict).OfType<Verdict>();

    public KernelElement? Find(ReadOnlySpan<UInt128> key)
    {
        if (_single.Count > 0 && _single.TryGetValue(SetKey.Of(key), out var found))
        {
            return found;
        }

        if (_sorted.Count > 0 && key.Length == 1 && Sorted(key[0]) is { } range)
        {
            return range;
        }

        foreach (var element in _ranges)
        {
            if (Falls(key, element.Fields))
            {
                return element;
            }
        }

        return null;
    }

    private KernelElement? Sorted(UInt128 value)
    {
        var (low, high) = (0, _sorted.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var field = _sorted[middle].Fields[0];
            if (field.Contains(value))
            {
                return _sorted[middle];
            }

            (low, high) = value < field.First ? (low, middle - 1) : (middle + 1, high);
        }

        return null;
    }

    private static bool Falls(ReadOnlySpan<UInt128> key, FieldRange[] fields)
    {
        for (var index = 0; index < fields.Length; index++)
        {
            if (!fields[index].Contains(key[index]))
            {
                return false;
            }
        }

        return key.Length == fields.Length;
    }
}
