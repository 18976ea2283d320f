using Microsoft.Extensions.Logging;

namespace Trunkline.Node.Pods;

internal static partial class PodLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "{file} cannot be read and is left alone: {reason}")]
    public static partial void BadState(ILogger logger, string file, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{podNamespace}/{pod}: {container} ended with {code} ({reason})")]
    public static partial void Ended(ILogger logger, string podNamespace, string pod, string container, int code, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{podNamespace}/{pod}: {container} runs")]
    public static partial void Runs(ILogger logger, string podNamespace, string pod, string container);

    [LoggerMessage(Level = LogLevel.Information, Message = "{pod}: {what}")]
    public static partial void Did(ILogger logger, string pod, string what);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{pod}: {what}")]
    public static partial void Failed(ILogger logger, Exception? exception, string pod, string what);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{pod}: the status was not written and is tried again: {reason}")]
    public static partial void StatusNotWritten(ILogger logger, string pod, string reason);
}
