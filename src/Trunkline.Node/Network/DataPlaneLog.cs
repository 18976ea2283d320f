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

    [LoggerMessage(Level = LogLevel.Error, Message = "{duty} failed and begins anew")]
    public static partial void DutyFailed(ILogger logger, string duty, Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "forgot {count} known flows: {reason}")]
    public static partial void Forgot(ILogger logger, int count, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "stale flows of {count} frontends were not forgotten and are looked for again: {reason}")]
    public static partial void FlowsNotForgotten(ILogger logger, int count, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "flows that policies may deny were not looked at, and are looked at again: {reason}")]
    public static partial void FlowsNotCut(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "somebody else changed the node's rules while they were written; all of them are written again in {delay}")]
    public static partial void ChangedMeanwhile(ILogger logger, TimeSpan delay);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{message} (seen {times} times since this was last told)")]
    public static partial void AddressesCannotPass(ILogger logger, string message, int times);

    [LoggerMessage(Level = LogLevel.Error, Message = "the log of SCTP packets cannot be read: {reason}")]
    public static partial void PacketLogFailed(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "health checks of {service} at port {port} are not answered: {reason}")]
    public static partial void HealthCheckNotServed(ILogger logger, string service, int port, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "answers on the rack for {address}")]
    public static partial void Answers(ILogger logger, System.Net.IPAddress address);

    [LoggerMessage(Level = LogLevel.Error, Message = "addresses of load balancers are not answered for as they should be, and are tried again: {reason}")]
    public static partial void NotAnswered(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "a health check ended early: {reason}")]
    public static partial void HealthCheckBroken(ILogger logger, string reason);
}
