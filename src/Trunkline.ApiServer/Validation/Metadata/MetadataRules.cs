using System.Text;
using System.Text.Json.Nodes;
using Trunkline.ApiServer.Validation.Fields;
using Trunkline.ApiServer.Validation.Names;

namespace Trunkline.ApiServer.Validation.Metadata;

/// <summary>metadata of any object (apimachinery api/validation objectmeta.go).</summary>
internal static class MetadataRules
{
    private const int AnnotationBytes = 256 * 1024;

    /// <param name="errors">Where complaints go.</param>
    /// <param name="metadata">The object's metadata.</param>
    /// <param name="namespaced">Whether the kind lives in a namespace.</param>
    /// <param name="nameRule">What this kind's names may look like.</param>
    /// <param name="path">Where the metadata stands: a template has its own.</param>
    public static void Metadata(this FieldErrors errors, JsonObject? metadata, bool namespaced, Func<string, IEnumerable<string>> nameRule, string path = "metadata")
    {
        var (name, prefix) = (metadata.Text("name"), metadata.Text("generateName"));
        if (prefix.Length > 0)
        {
            errors.Invalid(path + ".generateName", prefix, nameRule(MaskTrailingDash(prefix)));
        }

        if (name.Length == 0)
        {
            errors.Required(path + ".name", "name or generateName is required");
        }
        else
        {
            errors.Invalid(path + ".name", name, nameRule(name));
        }

        Namespace(errors, metadata.Text("namespace"), namespaced, path);
        errors.NonNegative(path + ".generation", metadata.Int("generation"));
        errors.Labels(path + ".labels", metadata.Map("labels"));
        errors.Annotations(path + ".annotations", metadata.Map("annotations"));
        OwnerReferences(errors, metadata, path + ".ownerReferences");
        Finalizers(errors, metadata, path + ".finalizers");
    }

    /// <summary>What no update may change.</summary>
    public static void MetadataUpdate(this FieldErrors errors, JsonObject? metadata, JsonObject? old)
    {
        NoNewFinalizersWhileDeleting(errors, metadata, old);
        foreach (var field in (string[])["name", "namespace", "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds"])
        {
            if (!NodeReader.Same(metadata?[field], old?[field]))
            {
                errors.Invalid("metadata." + field, (object?)metadata.Str(field) ?? metadata.Int(field), "field is immutable");
            }
        }

        if (metadata.Int("generation") < old.Int("generation"))
        {
            errors.Invalid("metadata.generation", metadata.Int("generation"), "must not be decremented");
        }
    }

    public static void Labels(this FieldErrors errors, string path, IEnumerable<KeyValuePair<string, string>> labels)
    {
        foreach (var (key, value) in labels)
        {
            errors.Invalid(path, key, NameRules.QualifiedName(key));
            errors.Invalid(path, value, NameRules.LabelValue(value));
        }
    }

    public static void Annotations(this FieldErrors errors, string path, IEnumerable<KeyValuePair<string, string>> annotations)
    {
        var size = 0L;
        foreach (var (key, value) in annotations)
        {
            errors.Invalid(path, key, NameRules.QualifiedName(key.ToLowerInvariant()));
            size += Encoding.UTF8.GetByteCount(key) + Encoding.UTF8.GetByteCount(value);
        }

        if (size > AnnotationBytes)
        {
            errors.TooLong(path, AnnotationBytes);
        }
    }

    // A generated name goes on after the dash, so a prefix may end with one.
    private static string MaskTrailingDash(string prefix) => prefix.Length > 1 && prefix.EndsWith('-') ? prefix[..^2] + "a" : prefix;

    private static void Namespace(FieldErrors errors, string name, bool namespaced, string path)
    {
        if (!namespaced)
        {
            if (name.Length > 0)
            {
                errors.Forbidden(path + ".namespace", "not allowed on this type");
            }
        }
        else if (name.Length == 0)
        {
            errors.Required(path + ".namespace");
        }
        else
        {
            errors.Invalid(path + ".namespace", name, NameRules.Dns1123Label(name));
        }
    }

    private static void OwnerReferences(FieldErrors errors, JsonObject? metadata, string path)
    {
        string? controller = null;
        foreach (var owner in metadata.Objects("ownerReferences"))
        {
            var version = owner.Text("apiVersion");
            if (version.Length == 0 || version.EndsWith('/'))
            {
                errors.Invalid(path + ".apiVersion", version, "version must not be empty");
            }

            foreach (var field in (string[])["kind", "name", "uid"])
            {
                if (owner.Text(field).Length == 0)
                {
                    errors.Invalid($"{path}.{field}", "", field + " must not be empty");
                }
            }

            if (owner.Text("kind") == "Event" && version is "v1" or "events.k8s.io/v1")
            {
                errors.Invalid(path, owner.ToJsonString(), $"{version}, Kind=Event is disallowed from being an owner");
            }

            if (!owner.IsTrue("controller"))
            {
                continue;
            }

            if (controller is not null)
            {
                errors.Invalid(path, new Go.Literal(Describe(metadata)), $"Only one reference can have Controller set to true. Found \"true\" in references for {controller} and {owner.Text("name")}");
            }

            controller = owner.Text("name");
        }
    }

    private static string Describe(JsonObject? metadata) => "[]v1.OwnerReference{" + string.Join(", ", metadata.Objects("ownerReferences").Select(o =>
        $"v1.OwnerReference{{APIVersion:{Go.Quote(o.Text("apiVersion"))}, Kind:{Go.Quote(o.Text("kind"))}, Name:{Go.Quote(o.Text("name"))}, UID:{Go.Quote(o.Text("uid"))}}}")) + "}";

    private static void Finalizers(FieldErrors errors, JsonObject? metadata, string path)
    {
        var names = metadata.Texts("finalizers").ToList();
        foreach (var name in names)
        {
            errors.Invalid(path, name, NameRules.QualifiedName(name));
        }

        if (names.Contains("orphan") && names.Contains("foregroundDeletion"))
        {
            errors.Invalid(path, Go.Slice("string", names), "finalizer orphan and foregroundDeletion cannot be both set");
        }
    }

    /// <summary>Built-in kinds ask more of finalizers than the machinery does (core/validation, validateKubeFinalizerName).</summary>
    public static void QualifiedFinalizers(this FieldErrors errors, JsonObject? metadata)
    {
        var i = 0;
        foreach (var name in metadata.Texts("finalizers"))
        {
            if (!name.Contains('/', StringComparison.Ordinal) && name is not ("kubernetes" or "orphan" or "foregroundDeletion"))
            {
                errors.Invalid($"metadata.finalizers[{i}]", name, "name is neither a standard finalizer name nor is it fully qualified");
            }

            i++;
        }
    }

    private static void NoNewFinalizersWhileDeleting(FieldErrors errors, JsonObject? metadata, JsonObject? old)
    {
        if (!old.Has("deletionTimestamp"))
        {
            return;
        }

        var added = metadata.Texts("finalizers").Except(old.Texts("finalizers"), StringComparer.Ordinal).ToList();
        if (added.Count > 0)
        {
            errors.Forbidden("metadata.finalizers", $"no new finalizers can be added if the object is being deleted, found new finalizers {Go.Slice("string", added).Text}");
        }
    }
}
