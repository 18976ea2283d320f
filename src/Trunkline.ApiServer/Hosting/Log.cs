using Microsoft.Extensions.Logging;

namespace Trunkline.ApiServer.Hosting;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Error, "{Method} {Path} failed")]
    public static partial void RequestFailed(ILogger logger, string method, string path, Exception failure);

    [LoggerMessage(2, LogLevel.Information, "API server listens at {Addresses}, {Objects} objects at revision {Revision}")]
    public static partial void Started(ILogger logger, string addresses, int objects, long revision);

    [LoggerMessage(3, LogLevel.Debug, "{Method} {Path} -> {Status} for {User}")]
    public static partial void Answered(ILogger logger, string method, string path, int status, string user);
}
