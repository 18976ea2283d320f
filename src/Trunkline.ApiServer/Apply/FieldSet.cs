using System.Text.Json.Nodes;

namespace Trunkline.ApiServer.Apply;

/// <summary>A set of paths into a document, as managedFields hold it: <c>f:name</c>, <c>k:{…}</c>, <c>v:…</c>, and <c>.</c> for the place itself.</summary>
public sealed class FieldSet
{
    // Sorted where it is written, not where it is kept: a sorted dictionary is the slower one, and costs some hundred methods to compile at start-up.
    private readonly Dictionary<string, FieldSet> _children = new(StringComparer.Ordinal);

    /// <summary>Whether the place itself belongs to the set.</summary>
    public bool Here { get; set; }

    /// <summary>The steps from here, in order.</summary>
    public string[] Steps
    {
        get
        {
            var names = new string[_children.Count];
            _children.Keys.CopyTo(names, 0);
            Array.Sort(names, StringComparer.Ordinal);
            return names;
        }
    }

    public bool IsEmpty => !Here && _children.Values.All(c => c.IsEmpty);

    public static FieldSet Parse(JsonNode? node)
    {
        var set = new FieldSet();
        if (node is JsonObject map)
        {
            foreach (var (name, value) in map)
            {
                if (name == ".")
                {
                    set.Here = true;
                    continue;
                }

                var child = Parse(value);
                child.Here |= value is JsonObject { Count: 0 };
                set._children[name] = child;
            }
        }

        return set;
    }

    public FieldSet Child(string element)
    {
        if (!_children.TryGetValue(element, out var child))
        {
            _children[element] = child = new FieldSet();
        }

        return child;
    }

    public FieldSet? Find(string element) => _children.GetValueOrDefault(element);

    public void UnionWith(FieldSet other)
    {
        Here |= other.Here;
        foreach (var (name, child) in other._children)
        {
            Child(name).UnionWith(child);
        }
    }

    /// <summary>Takes away the paths of another set; with <paramref name="below"/> also all that lies below a path of it.</summary>
    public void ExceptWith(FieldSet other, bool below = false)
    {
        if (other.Here)
        {
            Here = false;
            if (below)
            {
                _children.Clear();
                return;
            }
        }

        foreach (var (name, child) in other._children)
        {
            if (_children.TryGetValue(name, out var mine))
            {
                mine.ExceptWith(child, below);
                if (mine.IsEmpty)
                {
                    _children.Remove(name);
                }
            }
        }
    }

    public void Remove(string element) => _children.Remove(element);

    public bool SameAs(FieldSet other) => JsonNode.DeepEquals(ToJson(), other.ToJson());

    public JsonObject ToJson()
    {
        var json = new JsonObject();
        foreach (var name in Steps)
        {
            if (_children[name] is { IsEmpty: false } child)
            {
                json[name] = child.ToJson();
            }
        }

        if (Here && json.Count > 0)
        {
            json.Insert(0, ".", new JsonObject());
        }

        return json;
    }
}
