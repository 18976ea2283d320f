using System.Net;
using k8s.Autorest;

namespace Trunkline.Controllers.Client;

/// <summary>What an API error means to a reconciler.</summary>
internal static class ApiErrors
{
    public static bool IsNotFound(Exception e) => Has(e, HttpStatusCode.NotFound);

    /// <summary>409 is both "already exists" and "somebody wrote in between"; either way the next look at the cluster decides.</summary>
    public static bool IsConflict(Exception e) => Has(e, HttpStatusCode.Conflict);

    public static bool IsForbidden(Exception e) => Has(e, HttpStatusCode.Forbidden);

    /// <summary>An eviction that a PodDisruptionBudget does not allow now.</summary>
    public static bool IsTooManyRequests(Exception e) => Has(e, HttpStatusCode.TooManyRequests);

    public static bool IsMethodNotAllowed(Exception e) => Has(e, HttpStatusCode.MethodNotAllowed);

    private static bool Has(Exception e, HttpStatusCode code) => e is HttpOperationException { Response.StatusCode: var found } && found == code;
}
