using System.Collections.Frozen;
using k8s.Models;
using Trunkline.ApiServer.Kinds;
using Trunkline.ApiServer.Validation.Decoding;

namespace Trunkline.ApiServer.OpenApi;

/// <summary>Names of schemas as the published API has them: <c>io.k8s.api.core.v1.Pod</c>.</summary>
internal static class SchemaNames
{
    private const string Meta = "io.k8s.apimachinery.pkg.apis.meta.v1";

    private static readonly FrozenSet<string> s_meta = new[]
    {
        "ObjectMeta", "ListMeta", "LabelSelector", "LabelSelectorRequirement", "OwnerReference", "ManagedFieldsEntry", "Condition", "Status", "StatusDetails",
        "StatusCause", "DeleteOptions", "Preconditions",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly Lazy<FrozenSet<Type>> s_core = new(() => Reach(KindCatalog.All.Where(k => k.Group.Length == 0 && k.Model is not null).Select(k => k.Model!).Append(typeof(V1PodTemplateSpec))));

    /// <summary>The schema of a model type that is met in the document of a group.</summary>
    public static string Of(Type model, string group, string version)
    {
        var name = ModelSchema.GoName(model);
        if (s_meta.Contains(name))
        {
            return $"{Meta}.{name}";
        }

        return group.Length == 0 || s_core.Value.Contains(model) ? $"io.k8s.api.core.v1.{name}" : $"{Package(group)}.{version}.{name}";
    }

    /// <summary>The schema of a kind without a model type.</summary>
    public static string Of(ResourceKind kind) => $"{string.Join('.', kind.Group.Split('.').Reverse())}.{kind.Version}.{kind.Kind}";

    // rbac.authorization.k8s.io is the Go package k8s.io/api/rbac.
    private static string Package(string group) => $"io.k8s.api.{group.Split('.')[0]}";

    private static FrozenSet<Type> Reach(IEnumerable<Type> roots)
    {
        var seen = new HashSet<Type>();
        var todo = new Stack<Type>(roots);
        while (todo.TryPop(out var type))
        {
            if (seen.Add(type))
            {
                foreach (var property in type.GetProperties())
                {
                    if (ModelTypes.Model(property.PropertyType) is { } inner)
                    {
                        todo.Push(inner);
                    }
                }
            }
        }

        return seen.ToFrozenSet();
    }
}
