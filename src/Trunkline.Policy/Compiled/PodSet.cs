using System.Numerics;

namespace Trunkline.Policy.Compiled;

/// <summary>Some of a fixed number of Pods, by their indexes: one bit each.</summary>
public sealed class PodSet
{
    private readonly ulong[] _words;

    public PodSet(int size) => (Size, _words) = (size, new ulong[(size + 63) / 64]);

    private PodSet(int size, ulong[] words) => (Size, _words) = (size, words);

    /// <summary>How many Pods there are in all.</summary>
    public int Size { get; }

    public bool IsEmpty => !_words.AsSpan().ContainsAnyExcept(0UL);

    public int Count
    {
        get
        {
            var count = 0;
            foreach (var word in _words)
            {
                count += BitOperations.PopCount(word);
            }

            return count;
        }
    }

    public static PodSet All(int size)
    {
        var all = new PodSet(size);
        all._words.AsSpan().Fill(ulong.MaxValue);
        if (size % 64 != 0)
        {
            all._words[^1] = (1UL << (size % 64)) - 1;
        }

        return all;
    }

    public bool Contains(int index) => (_words[index >> 6] >> index & 1) != 0;

    public void Add(int index) => _words[index >> 6] |= 1UL << index;

    public void Remove(int index) => _words[index >> 6] &= ~(1UL << index);

    public PodSet Clone() => new(Size, [.. _words]);

    public PodSet Or(PodSet other)
    {
        for (var word = 0; word < _words.Length; word++)
        {
            _words[word] |= other._words[word];
        }

        return this;
    }

    public PodSet And(PodSet other)
    {
        for (var word = 0; word < _words.Length; word++)
        {
            _words[word] &= other._words[word];
        }

        return this;
    }

    public PodSet Without(PodSet other)
    {
        for (var word = 0; word < _words.Length; word++)
        {
            _words[word] &= ~other._words[word];
        }

        return this;
    }

    public bool IsSame(PodSet other) => _words.AsSpan().SequenceEqual(other._words);

    public bool Overlaps(PodSet other)
    {
        for (var word = 0; word < _words.Length; word++)
        {
            if ((_words[word] & other._words[word]) != 0)
            {
                return true;
            }
        }

        return false;
    }

    public bool IsWithin(PodSet other)
    {
        for (var word = 0; word < _words.Length; word++)
        {
            if ((_words[word] & ~other._words[word]) != 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>In rising order.</summary>
    public IEnumerable<int> Indexes()
    {
        for (var word = 0; word < _words.Length; word++)
        {
            for (var left = _words[word]; left != 0; left &= left - 1)
            {
                yield return (word << 6) + BitOperations.TrailingZeroCount(left);
            }
        }
    }
}
