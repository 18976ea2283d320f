using System.Net;

namespace Trunkline.Controllers.Tests.Support;

internal sealed class FakeApiException(HttpStatusCode code, string message) : Exception(message)
{
    public HttpStatusCode Code => code;
}
