using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Trunkline.ApiServer.Errors;
using Trunkline.ApiServer.Http;
using Trunkline.ApiServer.Kinds;
using Trunkline.ApiServer.Security;

namespace Trunkline.ApiServer.Hosting;

/// <summary>From a request to its handler: who asks, whether he may, and who answers; and what is said when it goes wrong.</summary>
internal sealed class RequestPipeline(
    Authenticator authenticator, Authorizer authorizer, PathHandlers paths, ObjectHandlers objects, SubresourceHandlers subresources,
    ReviewHandlers reviews, ProjectHandlers projects, ScaleHandlers scales, TimeProvider clock, ILogger logger)
{
    public async Task HandleAsync(HttpContext context)
    {
        context.Response.Headers["Audit-Id"] = Guid.NewGuid().ToString();
        context.Response.Headers.CacheControl = "no-cache, private";
        try
        {
            await AnswerAsync(context);
        }
        catch (ApiStatusException refusal) when (!context.Response.HasStarted)
        {
            await ResponseWriter.ErrorAsync(context, refusal);
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException or BadHttpRequestException && context.RequestAborted.IsCancellationRequested)
        {
            // The client went away: nobody is left to answer.
            context.Abort();
        }
        catch (BadHttpRequestException bad) when (!context.Response.HasStarted)
        {
            await ResponseWriter.ErrorAsync(context, new ApiStatusException(bad.StatusCode, "BadRequest", bad.Message));
        }
#pragma warning disable CA1031 // a failure of one request must not end the server; it is logged and answered
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Log.RequestFailed(logger, context.Request.Method, context.Request.Path, failure);
            if (context.Response.HasStarted)
            {
                context.Abort();
            }
            else
            {
                await ResponseWriter.ErrorAsync(context, new ApiStatusException(500, "InternalError", $"Internal error occurred: {failure.Message}"));
            }
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var info = RequestInfo.Parse(context.Request);
        var user = authenticator.Authenticate(context) ?? throw new ApiStatusException(401, "Unauthorized", "Unauthorized");
        Authorize(context, info, user);
        if (!info.IsResource)
        {
            await paths.HandleAsync(context, info);
        }
        else if (KindCatalog.Find(info.Group, info.Version, info.Resource) is { } kind && (info.Namespace.Length == 0 || kind.Namespaced || kind.Kind == "Namespace"))
        {
            await ResourceAsync(new ApiRequest(context, info, user, kind, clock.GetUtcNow()));
        }
        else
        {
            await PathHandlers.UnknownResourceAsync(context, info);
        }

        Log.Answered(logger, context.Request.Method, info.Path, context.Response.StatusCode, user.Name);
    }

    private Task ResourceAsync(ApiRequest request)
    {
        if (subresources.Find(request) is { } handler)
        {
            return handler(request);
        }

        if (request.Info.Subresource == "scale" && request.Kind.Subresource("scale") is not null)
        {
            return scales.HandleAsync(request);
        }

        if (ReviewHandlers.Serves(request))
        {
            return reviews.HandleAsync(request);
        }

        return ProjectHandlers.Serves(request) ? projects.HandleAsync(request) : objects.HandleAsync(request);
    }

    private void Authorize(HttpContext context, RequestInfo info, UserInfo user)
    {
        var access = info.IsResource
            ? new AccessRequest(info.Verb, info.Group, info.Resource, info.Subresource, info.Namespace, info.Name)
            : new AccessRequest(info.Verb, "", "", "", "", "", info.Path);
        if (authorizer.Allows(user, access))
        {
            return;
        }

        context.Response.Headers.XContentTypeOptions = "nosniff";
        var words = Authorizer.Describe(user, access);
        if (!info.IsResource)
        {
            throw new ApiStatusException(403, "Forbidden", $"forbidden: {words}", []);
        }

        var kind = KindCatalog.Find(info.Group, info.Version, info.Resource) ?? new ResourceKind(info.Group, info.Version, info.Resource, info.Resource, info.Namespace.Length > 0);
        throw StatusErrors.Forbidden(kind, info.Name, words);
    }
}
