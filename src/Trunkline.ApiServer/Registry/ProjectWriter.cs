using System.Globalization;
using System.Text.Json.Nodes;
using Trunkline.ApiServer.Errors;
using Trunkline.ApiServer.Kinds;
using Trunkline.ApiServer.Registry.Services;
using Trunkline.ApiServer.Storage;
using Trunkline.ApiServer.Validation.Fields;

namespace Trunkline.ApiServer.Registry;

/// <summary>A project's update, which is its namespace's so far as it only describes.</summary>
internal sealed class ProjectWriter(ServiceAllocator services)
{
    // What a user may say about a project; everything else is the namespace's (openshift-apiserver, ValidateProjectUpdate).
    private static readonly string[] Descriptions = ["openshift.io/display-name", "openshift.io/description"];

    private static readonly ResourceKind Namespaces = KindCatalog.Find("", "v1", "namespaces")!;
    private readonly Updater _updater = new(services);

    /// <summary>Changes what a project's users may say about it; refuses what is the namespace's.</summary>
    public JsonObject Change(WriteSession session, WriteRequest write, StoredObject stored, JsonObject project)
    {
        var ns = stored.Parse();
        var errors = new FieldErrors();
        foreach (var field in (string[])["annotations", "labels"])
        {
            var (given, kept) = (project.Metadata().Obj(field), ns.Metadata().Obj(field));
            var names = (given ?? []).Select(p => p.Key).Union((kept ?? []).Select(p => p.Key), StringComparer.Ordinal).Order(StringComparer.Ordinal);
            foreach (var name in names.Where(n => (field == "labels" || !Descriptions.Contains(n)) && given.Str(n) != kept.Str(n)))
            {
                errors.Invalid($"metadata.{field}[{name}]", given.Text(name), "field is immutable, try updating the namespace");
            }
        }

        if (project.Has("spec") && !NodeReader.Same(project.Obj("spec")?["finalizers"], ns.Obj("spec")?["finalizers"]))
        {
            errors.Invalid("spec.finalizers", NodeReader.AsText(project.Obj("spec")?["finalizers"]), "field is immutable");
        }

        if (errors.Any)
        {
            throw StatusErrors.Invalid(write.Kind, write.Name, errors.Items);
        }

        var version = project.Metadata().Text("resourceVersion");
        ns.Metadata()["resourceVersion"] = version.Length > 0 ? version : stored.Revision.ToString(CultureInfo.InvariantCulture);
        ns.Metadata()["annotations"] = project.Metadata()["annotations"]?.DeepClone() ?? new JsonObject();
        return _updater.Replace(session, write with { Kind = Namespaces, Namespace = "" }, stored, ns, null);
    }
}
