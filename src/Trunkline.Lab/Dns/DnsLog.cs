using Microsoft.Extensions.Logging;

namespace Trunkline.Lab.Dns;

internal static partial class DnsLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "DNS server started")]
    public static partial void Started(ILogger logger);

    [LoggerMessage(Level = LogLevel.Debug, Message = "zone {Zone}. published with {Records} records")]
    public static partial void Published(ILogger logger, string zone, int records);
}
