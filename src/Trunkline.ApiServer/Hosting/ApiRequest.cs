using Microsoft.AspNetCore.Http;
using Trunkline.ApiServer.Errors;
using Trunkline.ApiServer.Http;
using Trunkline.ApiServer.Kinds;
using Trunkline.ApiServer.Registry;
using Trunkline.ApiServer.Security;

namespace Trunkline.ApiServer.Hosting;

/// <summary>A request for a resource, after its user has been let in.</summary>
internal sealed record ApiRequest(HttpContext Http, RequestInfo Info, UserInfo User, ResourceKind Kind, DateTimeOffset Now)
{
    /// <summary>The namespace to list in; null for all, or where there is none.</summary>
    public string? ListNamespace => Kind.Namespaced && Info.Namespace.Length > 0 ? Info.Namespace : null;

    public Representation Representation() => Negotiation.Choose(Http.Request.Headers.Accept);

    public WriteRequest Write(string optionsKind, string? name = null, WriteOptions? options = null) =>
        new(Kind, Info.Namespace, name ?? Info.Name, Info.Subresource, User, options ?? WriteOptions.Parse(Http.Request, optionsKind), Now);

    public static ApiStatusException NotFound() => new(404, "NotFound", StatusErrors.UnknownResource, []);
}
