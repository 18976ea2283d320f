using System.Globalization;

namespace Trunkline.ApiServer.Validation.Decoding;

/// <summary>RFC 3339 times as the API reads and writes them: UTC, whole seconds or microseconds.</summary>
public static class GoTime
{
    private const string SecondsLayout = "2006-01-02T15:04:05Z07:00";
    private const string MicrosLayout = "2006-01-02T15:04:05.000000Z07:00";

    public static string Seconds(string text) => Format(Parse(text, SecondsLayout));

    public static string Micros(string text) => FormatMicros(Parse(text, MicrosLayout));

    public static string Format(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static string FormatMicros(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    /// <summary>A stored time; null where there is none or it cannot be read.</summary>
    public static DateTimeOffset? TryParse(string? text) => text is not null && TryParse(text, out var time) ? time : null;

    private static bool TryParse(string text, out DateTimeOffset time)
    {
        time = default;
        return text.Length is >= 20 and <= 40 && text[10] == 'T'
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
    }

    private static DateTimeOffset Parse(string text, string layout) => TryParse(text, out var time)
        ? time
        : throw new FormatException($"parsing time \"{text}\" as \"{layout}\": cannot parse \"{text}\" as \"2006\"");
}
