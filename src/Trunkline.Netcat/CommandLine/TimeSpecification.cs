using System.Globalization;

namespace Trunkline.Netcat.CommandLine;

/// <summary>Ncat's times: seconds, or with <c>ms</c>, <c>s</c>, <c>m</c>, <c>h</c> appended.</summary>
public static class TimeSpecification
{
    // Ncat keeps milliseconds in an int.
    private const double MaximumMilliseconds = 2147483000d;

    /// <summary>True and the time, if <paramref name="text"/> is one and lies in Ncat's range.</summary>
    public static bool TryParse(string text, out TimeSpan value)
    {
        value = default;
        var (number, scale) = Split(text);
        if (!double.TryParse(number, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var amount))
        {
            return false;
        }

        var milliseconds = amount * scale;
        if (!(milliseconds > 0 && milliseconds < MaximumMilliseconds))
        {
            return false;
        }

        value = TimeSpan.FromMilliseconds(milliseconds);
        return true;
    }

    private static (string Number, double Scale) Split(string text)
    {
        if (text.EndsWith("ms", StringComparison.OrdinalIgnoreCase))
        {
            return (text[..^2], 1);
        }

        return text.Length == 0 ? (text, 1000) : char.ToLowerInvariant(text[^1]) switch
        {
            's' => (text[..^1], 1000),
            'm' => (text[..^1], 60_000),
            'h' => (text[..^1], 3_600_000),
            _ => (text, 1000),
        };
    }
}
