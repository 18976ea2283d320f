using System.Collections;
using System.Collections.Concurrent;
using System.Net;
using System.Reflection;

namespace Trunkline.Node.Network.Cluster;

/// <summary>
/// Whether two records say the same. A record's own equality compares lists and dictionaries by reference, and each time an object comes by a watch all of them are new.
/// </summary>
internal static class SameFacts
{
    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> s_properties = [];

    public static bool Of(object? left, object? right)
    {
        if (ReferenceEquals(left, right))
        {
            return true;
        }

        if (left is null || right is null)
        {
            return false;
        }

        return (left, right) switch
        {
            (string or IPAddress or IPNetwork, _) => left.Equals(right),
            (IReadOnlyDictionary<string, string> some, IReadOnlyDictionary<string, string> others) =>
                some.Count == others.Count && some.All(pair => others.TryGetValue(pair.Key, out var value) && value == pair.Value),
            (IEnumerable some, IEnumerable others) => Same(some, others),
            _ when left.GetType() != right.GetType() => false,
            _ when left.GetType() is { IsPrimitive: true } or { IsEnum: true } => left.Equals(right),
            _ => s_properties.GetOrAdd(left.GetType(), Properties).All(property => Of(property.GetValue(left), property.GetValue(right))),
        };
    }

    private static bool Same(IEnumerable left, IEnumerable right)
    {
        var (some, others) = (left.GetEnumerator(), right.GetEnumerator());
        while (some.MoveNext())
        {
            if (!others.MoveNext() || !Of(some.Current, others.Current))
            {
                return false;
            }
        }

        return !others.MoveNext();
    }

    // What is worked out of others (it has no field of its own) says nothing new.
    private static PropertyInfo[] Properties(Type type) =>
    [
        .. type.GetProperties(BindingFlags.Instance | BindingFlags.Public)
            .Where(property => property.GetIndexParameters().Length == 0 && (property.SetMethod is not null
                || type.GetField($"<{property.Name}>k__BackingField", BindingFlags.Instance | BindingFlags.NonPublic) is not null)),
    ];
}
