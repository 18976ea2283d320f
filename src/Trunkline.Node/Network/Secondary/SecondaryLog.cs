using Microsoft.Extensions.Logging;

namespace Trunkline.Node.Network.Secondary;

internal static partial class SecondaryLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "policies on secondary networks of {ns}/{pod} are not in force and are tried again: {reason}")]
    public static partial void NotInForce(ILogger logger, string ns, string pod, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "forgot {count} known flows of {ns}/{pod} on its secondary networks: policies no longer allow them")]
    public static partial void Cut(ILogger logger, string ns, string pod, int count);
}
