using Microsoft.Extensions.Logging;
using Trunkline.Controllers.Client;

namespace Trunkline.Controllers;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Debug, "watch of {Resource} lost: {Why}")]
    public static partial void WatchLost(ILogger logger, string resource, string why);

    [LoggerMessage(2, LogLevel.Debug, "{Controller}: {Key}: outrun by another writer: {Why}")]
    public static partial void Outrun(ILogger logger, string controller, ObjectKey key, string why);

    [LoggerMessage(3, LogLevel.Warning, "{Controller}: {Key}: {Why}")]
    public static partial void ReconcileFailed(ILogger logger, string controller, ObjectKey key, string why);

    [LoggerMessage(4, LogLevel.Error, "{Controller}: {Key}: reconciliation broke")]
    public static partial void ReconcileBroke(ILogger logger, Exception e, string controller, ObjectKey key);

    [LoggerMessage(9, LogLevel.Error, "following {Resource} broke")]
    public static partial void InformerBroke(ILogger logger, Exception e, string resource);

    [LoggerMessage(5, LogLevel.Debug, "event {Reason} about {Name} not recorded: {Why}")]
    public static partial void EventLost(ILogger logger, string reason, string name, string why);

    [LoggerMessage(6, LogLevel.Information, "controllers run against {Server}")]
    public static partial void Running(ILogger logger, Uri server);

    [LoggerMessage(7, LogLevel.Information, "node {Node}: {What}")]
    public static partial void Node(ILogger logger, string node, string what);

    [LoggerMessage(8, LogLevel.Information, "pool {Pool}: {What}")]
    public static partial void Pool(ILogger logger, string pool, string what);
}
