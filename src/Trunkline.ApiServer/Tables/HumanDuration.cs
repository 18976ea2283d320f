using System.Globalization;

namespace Trunkline.ApiServer.Tables;

/// <summary>Durations as the server's tables print them (k8s.io/apimachinery/pkg/util/duration, HumanDuration): two or three figures, no more.</summary>
internal static class HumanDuration
{
    public static string Format(TimeSpan duration)
    {
        var seconds = (long)duration.TotalSeconds;
        if (seconds < -1)
        {
            // A clock somewhere is wrong, and a made-up age would hide it.
            return "<invalid>";
        }

        return seconds switch
        {
            < 0 => "0s",
            < 120 => Unit(seconds, 's'),
            < 600 => Pair(seconds / 60, 'm', seconds % 60, 's'),
            < 3 * 3600 => Unit(seconds / 60, 'm'),
            < 8 * 3600 => Pair(seconds / 3600, 'h', seconds / 60 % 60, 'm'),
            < 48 * 3600 => Unit(seconds / 3600, 'h'),
            < 24 * 8 * 3600 => Pair(seconds / 86400, 'd', seconds / 3600 % 24, 'h'),
            < 2L * 365 * 86400 => Unit(seconds / 86400, 'd'),
            < 8L * 365 * 86400 => Pair(seconds / (365 * 86400), 'y', seconds / 86400 % 365, 'd'),
            _ => Unit(seconds / (365 * 86400), 'y'),
        };
    }

    private static string Unit(long value, char unit) => value.ToString(CultureInfo.InvariantCulture) + unit;

    private static string Pair(long big, char bigUnit, long small, char smallUnit) => Unit(big, bigUnit) + (small == 0 ? "" : Unit(small, smallUnit));
}
