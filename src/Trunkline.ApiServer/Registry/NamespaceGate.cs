using System.Text.Json.Nodes;
using Trunkline.ApiServer.Errors;
using Trunkline.ApiServer.Kinds;
using Trunkline.ApiServer.Storage;

namespace Trunkline.ApiServer.Registry;

/// <summary>Admission NamespaceLifecycle: nothing is created in a namespace that is not there or is going.</summary>
internal static class NamespaceGate
{
    private static readonly string[] Immortal = ["default", "kube-system", "kube-public"];

    public static void Check(WriteSession session, WriteRequest request, string name)
    {
        if (!request.Kind.Namespaced)
        {
            return;
        }

        var ns = session.Get(new ObjectKey("namespaces", "", request.Namespace))?.Parse()
            ?? throw StatusErrors.NotFound(KindCatalog.Find("", "v1", "namespaces")!, request.Namespace);
        if (ns.IsDeleting() || ObjectMetadata.Text(ns["status"]?["phase"]) == "Terminating")
        {
            var refusal = StatusErrors.Forbidden(request.Kind, name, $"unable to create new content in namespace {request.Namespace} because it is being terminated");
            refusal.Details!["causes"] = new JsonArray(new JsonObject
            {
                ["reason"] = "NamespaceTerminating",
                ["message"] = $"namespace {request.Namespace} is being terminated",
                ["field"] = "metadata.namespace",
            });
            throw refusal;
        }
    }

    public static void CheckDelete(WriteRequest request)
    {
        if (request.Kind is { Group: "", Kind: "Namespace" } && Immortal.Contains(request.Name))
        {
            throw StatusErrors.Forbidden(request.Kind, request.Name, "this namespace may not be deleted");
        }
    }
}
