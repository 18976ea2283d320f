using System.Text.Json.Nodes;
using Trunkline.ApiServer.Validation.Fields;
using Trunkline.ApiServer.Validation.Names;

namespace Trunkline.ApiServer.Validation.Core;

/// <summary>Events: leniently through the core group, strictly through events.k8s.io.</summary>
internal static class EventRules
{
    public static void Core(FieldErrors errors, JsonObject e)
    {
        var space = e.Obj("metadata").Text("namespace");
        var subject = e.Obj("involvedObject").Text("namespace");

        // Events of objects without a namespace stand in "default", or in kube-system if they are new.
        if (subject.Length == 0 ? space is not ("default" or "kube-system") && space.Length > 0 && IsClusterScoped(e) : subject != space)
        {
            errors.Invalid("involvedObject.namespace", subject, "does not match event.namespace");
        }
    }

    public static void New(FieldErrors errors, JsonObject e)
    {
        Needs(errors, "eventTime", e.Text("eventTime"));
        Needs(errors, "reportingController", e.Text("reportingController"));
        if (e.Text("reportingController") is { Length: > 0 } controller)
        {
            errors.Invalid("reportingController", controller, NameRules.QualifiedName(controller));
        }

        Needs(errors, "reportingInstance", e.Text("reportingInstance"));
        Needs(errors, "action", e.Text("action"));
        Needs(errors, "reason", e.Text("reason"));
        if (e.Text("type") is not ("Normal" or "Warning"))
        {
            errors.Invalid("type", "", "has invalid value: " + e.Text("type"));
        }
    }

    private static bool IsClusterScoped(JsonObject e) => e.Obj("involvedObject").Text("kind") is "Node" or "Namespace" or "PersistentVolume";

    private static void Needs(FieldErrors errors, string path, string value)
    {
        if (value.Length == 0)
        {
            errors.Required(path);
        }
    }
}
