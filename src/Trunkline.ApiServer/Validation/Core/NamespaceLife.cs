using System.Text.Json.Nodes;
using Trunkline.ApiServer.Validation.Fields;
using Trunkline.ApiServer.Validation.Names;

namespace Trunkline.ApiServer.Validation.Core;

/// <summary>Namespaces: their own name as a label, the finalizer that empties them, and their phase.</summary>
internal static class NamespaceLife
{
    private const string NameLabel = "kubernetes.io/metadata.name";
    private static readonly string[] StandardFinalizers = ["kubernetes", "orphan", "foregroundDeletion"];

    public static void Defaults(JsonObject space)
    {
        var metadata = space.Child("metadata");
        if (metadata.Str("name") is { Length: > 0 } name)
        {
            metadata.Child("labels")[NameLabel] = name;
        }
    }

    public static void Create(JsonObject space)
    {
        space["status"] = new JsonObject { ["phase"] = "Active" };
        var spec = space.Child("spec");
        if (!spec.Texts("finalizers").Contains("kubernetes"))
        {
            spec["finalizers"] = new JsonArray([.. spec.Texts("finalizers").Select(f => JsonValue.Create(f)), "kubernetes"]);
        }
    }

    /// <summary>Finalizers are removed through the subresource <c>finalize</c> alone.</summary>
    public static void Update(JsonObject space, JsonObject old)
    {
        space.Child("spec").Remove("finalizers");
        if (old.Obj("spec")?["finalizers"] is { } finalizers)
        {
            space.Child("spec")["finalizers"] = finalizers.DeepClone();
        }
    }

    public static void Validate(FieldErrors errors, JsonObject space)
    {
        foreach (var finalizer in space.Obj("spec").Texts("finalizers"))
        {
            errors.Invalid("spec.finalizers", finalizer, NameRules.QualifiedName(finalizer));
            if (!finalizer.Contains('/', StringComparison.Ordinal) && !StandardFinalizers.Contains(finalizer))
            {
                errors.Invalid("spec.finalizers", finalizer, "name is neither a standard finalizer name nor is it fully qualified");
            }
        }
    }

    public static void ValidateStatus(FieldErrors errors, JsonObject space)
    {
        var phase = space.Obj("status").Text("phase");
        var deleted = space.Obj("metadata").Has("deletionTimestamp");
        if (!deleted && phase != "Active")
        {
            errors.Invalid("status.Phase", phase, "may only be 'Active' if `deletionTimestamp` is empty");
        }
        else if (deleted && phase != "Terminating")
        {
            errors.Invalid("status.Phase", phase, "may only be 'Terminating' if `deletionTimestamp` is not empty");
        }
    }
}
