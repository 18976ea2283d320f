using Microsoft.Extensions.Logging;

namespace Trunkline.Node.Network.Secondary;

internal static partial class SecondaryLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "policies on secondary networks of {ns}/{pod} are not in force and are tried again: {reason}")]
    public static partial void NotInForce(ILogger logger, string ns, string pod, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "keeping policies on secondary networks failed and begins anew")]
    public static partial void Broke(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "the networks of {ns}/{pod} could not be told in its annotation, which is tried again: {reason}")]
    public static partial void NotTold(ILogger logger, string ns, string pod, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "forgot {count} known flows of {ns}/{pod} on its secondary networks: policies no longer allow them")]
    public static partial void Cut(ILogger logger, string ns, string pod, int count);
}
