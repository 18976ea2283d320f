using Microsoft.Extensions.Logging;

namespace Trunkline.Node.MachineConfig;

internal static partial class McdLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "machine config daemon updates from {current} to {desired}")]
    public static partial void Updates(ILogger logger, string current, string desired);

    [LoggerMessage(Level = LogLevel.Information, Message = "machine config daemon reboots into {desired}")]
    public static partial void Reboots(ILogger logger, string desired);

    [LoggerMessage(Level = LogLevel.Information, Message = "machine config daemon runs {current}")]
    public static partial void Runs(ILogger logger, string current);

    [LoggerMessage(Level = LogLevel.Warning, Message = "machine config daemon: {reason}")]
    public static partial void Failed(ILogger logger, string reason);
}
