using k8s.Models;

namespace Trunkline.ApiServer.OpenApi;

/// <summary>What a property of a model type holds.</summary>
internal static class ModelTypes
{
    /// <summary>The element type of a list; null when it is none.</summary>
    public static Type? Element(Type type) =>
        type.IsGenericType && type.GetGenericArguments() is [var item] && typeof(IEnumerable<>).MakeGenericType(item).IsAssignableFrom(type) ? item : null;

    /// <summary>The value type of a map; null when it is none.</summary>
    public static Type? MapValue(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IDictionary<,>) ? type.GetGenericArguments()[1] : null;

    /// <summary>The model type at the bottom of lists, maps and nullables; null for plain values.</summary>
    public static Type? Model(Type type)
    {
        while ((Nullable.GetUnderlyingType(type) ?? Element(type) ?? MapValue(type)) is { } inner)
        {
            type = inner;
        }

        return IsModel(type) ? type : null;
    }

    private static bool IsModel(Type type) =>
        type.Namespace == typeof(V1Pod).Namespace && type.IsClass && type != typeof(IntOrString) && type != typeof(ResourceQuantity);
}
