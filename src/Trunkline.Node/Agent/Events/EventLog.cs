using Microsoft.Extensions.Logging;

namespace Trunkline.Node.Agent.Events;

internal static partial class EventLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Event {reason} of {name} was not written: {message}")]
    public static partial void NotWritten(ILogger logger, string reason, string name, string message);

    [LoggerMessage(Level = LogLevel.Debug, Message = "no more Events")]
    public static partial void Stopped(ILogger logger);
}
