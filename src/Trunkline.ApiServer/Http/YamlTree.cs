namespace Trunkline.ApiServer.Http;

/// <summary>A YAML node: a scalar, a sequence or a mapping.</summary>
internal sealed class YamlTree
{
    private Dictionary<string, int>? _places;

    public string? Text { get; init; }

    /// <summary>Unquoted and untagged: its type is read from its text.</summary>
    public bool Plain { get; init; }

    public long Line { get; init; }

    public List<YamlTree>? Items { get; init; }

    public List<KeyValuePair<string, YamlTree>>? Pairs { get; init; }

    /// <summary>False where the key was there already; the new value then stands.</summary>
    public bool Set(string key, YamlTree value)
    {
        _places ??= new Dictionary<string, int>(StringComparer.Ordinal);
        if (_places.TryGetValue(key, out var place))
        {
            Pairs![place] = KeyValuePair.Create(key, value);
            return false;
        }

        _places[key] = Pairs!.Count;
        Pairs.Add(KeyValuePair.Create(key, value));
        return true;
    }

    public void AddIfAbsent(string key, YamlTree value)
    {
        if (_places?.ContainsKey(key) != true)
        {
            Set(key, value);
        }
    }
}
