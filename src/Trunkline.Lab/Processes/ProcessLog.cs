using Microsoft.Extensions.Logging;

namespace Trunkline.Lab.Processes;

/// <summary>Logs of the lab's processes: one line an entry on standard output, which is the process's log file.</summary>
public static class ProcessLog
{
    /// <summary>Makes the factory. TRUNKLINE_LOG_LEVEL names another lowest level than Information.</summary>
    public static ILoggerFactory Create() => LoggerFactory.Create(logging => logging
        .SetMinimumLevel(Enum.TryParse<LogLevel>(Environment.GetEnvironmentVariable("TRUNKLINE_LOG_LEVEL"), ignoreCase: true, out var level) ? level : LogLevel.Information)
        .AddFilter("Microsoft.AspNetCore", LogLevel.Warning)
        .AddFilter("Microsoft.Hosting", LogLevel.Warning)
        .AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss.fff ";
            console.UseUtcTimestamp = true;
            console.ColorBehavior = Microsoft.Extensions.Logging.Console.LoggerColorBehavior.Disabled;
        }));
}
