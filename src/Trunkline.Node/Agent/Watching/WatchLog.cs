using Microsoft.Extensions.Logging;

namespace Trunkline.Node.Agent.Watching;

internal static partial class WatchLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "watch of {path} broke, listing again: {reason}")]
    public static partial void Broken(ILogger logger, string path, string reason);
}
