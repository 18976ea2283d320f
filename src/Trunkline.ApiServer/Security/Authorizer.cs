using Trunkline.ApiServer.Storage;

namespace Trunkline.ApiServer.Security;

/// <summary>
/// Who may do what: system:masters and the controllers everything, nodes what a kubelet and this lab's agents need, everyone discovery and questions about
/// themselves, and beyond that what stored RBAC objects grant.
/// </summary>
public sealed class Authorizer(ObjectStore store)
{
    private const string Controllers = "system:kube-controller-manager";
    private static readonly string[] OpenPaths = ["/healthz", "/livez", "/readyz", "/version"];
    private static readonly string[] DiscoveryPaths = ["/", "/api", "/apis", "/openapi", "/api/", "/apis/", "/openapi/", "/version/", "/.well-known/"];
    private static readonly string[] Questions = ["selfsubjectreviews", "selfsubjectaccessreviews", "selfsubjectrulesreviews"];

    public bool Allows(UserInfo user, AccessRequest request) =>
        user.IsIn(UserInfo.Masters)
        || user.Name == Controllers
        || (request.Resource.Length == 0 ? MayReach(user, request) : MayAsk(user, request) || (user.IsIn("system:nodes") && NodeMay(user, request)) || RbacRules.Allow(store.State, user, request));

    /// <summary>The words of a refusal.</summary>
    public static string Describe(UserInfo user, AccessRequest request) => request.Resource.Length == 0
        ? $"User \"{user.Name}\" cannot {request.Verb} path \"{request.Path}\""
        : $"User \"{user.Name}\" cannot {request.Verb} resource \"{request.FullResource}\" in API group \"{request.Group}\" "
            + (request.Namespace.Length > 0 ? $"in the namespace \"{request.Namespace}\"" : "at the cluster scope");

    private static bool MayReach(UserInfo user, AccessRequest request) =>
        request.Verb is "get" or "head"
        && (OpenPaths.Any(p => request.Path == p || (p != "/version" && request.Path.StartsWith(p + "/", StringComparison.Ordinal)))
            || (user.IsIn(UserInfo.Authenticated) && DiscoveryPaths.Any(p => p.Length > 1 && p.EndsWith('/') ? request.Path.StartsWith(p, StringComparison.Ordinal) : request.Path == p)));

    private static bool MayAsk(UserInfo user, AccessRequest request) => user.IsIn(UserInfo.Authenticated) && request switch
    {
        { Verb: "create" } when Questions.Contains(request.Resource) => true,
        { Group: "project.openshift.io", Resource: "projectrequests", Verb: "create" or "list" } => true,
        { Group: "project.openshift.io", Resource: "projects", Verb: "list" or "get" or "watch" } => true,
        { Group: "user.openshift.io", Resource: "users", Name: "~", Verb: "get" } => true,
        _ => false,
    };

    // As the node authorizer: nodes read what they run, and write themselves, their Pods, events and leases.
    private bool NodeMay(UserInfo user, AccessRequest request)
    {
        var node = user.Name.StartsWith("system:node:", StringComparison.Ordinal) ? user.Name["system:node:".Length..] : "";
        if (request.Verb is "get" or "list" or "watch")
        {
            return request.Resource != "secrets" || request.Verb == "get";
        }

        return request.FullResource switch
        {
            "nodes" => request.Verb == "create" || request.Name == node,
            "nodes/status" => request.Name == node,
            "pods" => request.Verb is "create" || (request.Verb is "delete" or "patch" && RunsOn(request, node)),
            "pods/status" => RunsOn(request, node),
            "events" => request.Verb is "create" or "patch" or "update",
            "leases" => request.Namespace == "kube-node-lease" && (request.Name == node || request.Verb == "create"),
            "serviceaccounts/token" => request.Verb == "create",
            "subjectaccessreviews" or "localsubjectaccessreviews" or "tokenreviews" => request.Verb == "create",
            _ => false,
        };
    }

    private bool RunsOn(AccessRequest request, string node) =>
        store.State.Get(new ObjectKey("pods", request.Namespace, request.Name)) is not { } pod || pod.Fields["spec.nodeName"] == node;
}
