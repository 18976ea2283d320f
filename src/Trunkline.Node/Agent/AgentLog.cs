using Microsoft.Extensions.Logging;

namespace Trunkline.Node.Agent;

internal static partial class AgentLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "node {node} is registered, boot {bootId}")]
    public static partial void Registered(ILogger logger, string node, string bootId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "node {node} is not registered yet: {reason}")]
    public static partial void NotRegistered(ILogger logger, string node, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "a heartbeat failed: {reason}")]
    public static partial void HeartbeatFailed(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "node agent of {node} takes Pods from {podCidr}")]
    public static partial void TakesPods(ILogger logger, string node, string podCidr);

    [LoggerMessage(Level = LogLevel.Information, Message = "the agent stops; containers go on")]
    public static partial void Stops(ILogger logger);
}
