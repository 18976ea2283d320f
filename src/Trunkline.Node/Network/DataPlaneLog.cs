using Microsoft.Extensions.Logging;

namespace Trunkline.Node.Network;

internal static partial class DataPlaneLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "rules are not in force: {reason}; all of them are written again in {delay}")]
    public static partial void SyncFailed(ILogger logger, string reason, TimeSpan delay);

    [LoggerMessage(Level = LogLevel.Information, Message = "rules are in force: {chains} chains, {elements} elements, {milliseconds} ms ({kind})")]
    public static partial void Synced(ILogger logger, int chains, int elements, long milliseconds, string kind);

    [LoggerMessage(Level = LogLevel.Error, Message = "the watch of {path} failed and begins anew")]
    public static partial void WatchFailed(ILogger logger, string path, Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "forgot {count} known flows: {reason}")]
    public static partial void Forgot(ILogger logger, int count, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "stale flows of {count} frontends were not forgotten and are looked for again: {reason}")]
    public static partial void FlowsNotForgotten(ILogger logger, int count, string reason);
}
