using Trunkline.Policy.Model;

namespace Trunkline.Policy.Compiled;

/// <summary>Who has which label: a selector costs as much as the lists it names, however many labels the others have.</summary>
internal sealed class LabelIndex
{
    private readonly int _size;
    private readonly Dictionary<string, Dictionary<string, List<int>>> _byKey = new(StringComparer.Ordinal);

    public LabelIndex(IReadOnlyList<IReadOnlyDictionary<string, string>> labels)
    {
        _size = labels.Count;
        for (var index = 0; index < _size; index++)
        {
            foreach (var (key, value) in labels[index])
            {
                if (!_byKey.TryGetValue(key, out var values))
                {
                    _byKey[key] = values = new(StringComparer.Ordinal);
                }

                if (!values.TryGetValue(value, out var list))
                {
                    values[value] = list = [];
                }

                list.Add(index);
            }
        }
    }

    public PodSet Select(LabelSelector selector)
    {
        var found = PodSet.All(_size);
        foreach (var (key, value) in selector.MatchLabels)
        {
            found.And(Having(key, [value]));
        }

        foreach (var requirement in selector.MatchExpressions)
        {
            _ = requirement.Operator switch
            {
                SelectorOperator.In => found.And(Having(requirement.Key, requirement.Values)),
                SelectorOperator.NotIn => found.Without(Having(requirement.Key, requirement.Values)),
                SelectorOperator.Exists => found.And(Having(requirement.Key)),
                _ => found.Without(Having(requirement.Key)),
            };
        }

        return found;
    }

    private PodSet Having(string key, IReadOnlyList<string> values)
    {
        var found = new PodSet(_size);
        if (_byKey.TryGetValue(key, out var known))
        {
            foreach (var value in values)
            {
                Fill(found, known.GetValueOrDefault(value));
            }
        }

        return found;
    }

    private PodSet Having(string key)
    {
        var found = new PodSet(_size);
        foreach (var list in _byKey.GetValueOrDefault(key)?.Values ?? Enumerable.Empty<List<int>>())
        {
            Fill(found, list);
        }

        return found;
    }

    private static void Fill(PodSet found, List<int>? list)
    {
        foreach (var index in list ?? [])
        {
            found.Add(index);
        }
    }
}
