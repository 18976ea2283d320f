using System.Buffers.Text;

namespace Trunkline.Node.Streaming.Logs;

/// <summary>One line of a container's log file in the CRI format: "TIME STREAM F|P CONTENT". Pure.</summary>
internal readonly ref struct CriLogLine
{
    private CriLogLine(ReadOnlySpan<byte> time, bool error, bool partial, ReadOnlySpan<byte> content)
    {
        TimeText = time;
        IsError = error;
        IsPartial = partial;
        Content = content;
    }

    /// <summary>RFC 3339 with nanoseconds, as the monitor wrote it.</summary>
    public ReadOnlySpan<byte> TimeText { get; }

    public bool IsError { get; }

    /// <summary>More of the same line follows in the next one.</summary>
    public bool IsPartial { get; }

    public ReadOnlySpan<byte> Content { get; }

    /// <summary>The time, to a second's 10 millionth; the smallest one where it is no time.</summary>
    public DateTimeOffset Time =>
        DateTimeOffset.TryParse(System.Text.Encoding.ASCII.GetString(TimeText), System.Globalization.CultureInfo.InvariantCulture,
            System.Globalization.DateTimeStyles.AssumeUniversal, out var time) ? time : DateTimeOffset.MinValue;

    /// <summary>False for anything else than such a line; without its end-of-line.</summary>
    public static bool TryParse(ReadOnlySpan<byte> line, out CriLogLine result)
    {
        result = default;
        var first = line.IndexOf((byte)' ');
        if (first <= 0 || !Utf8Parser.TryParse(line[..4], out int _, out _))
        {
            return false;
        }

        var rest = line[(first + 1)..];
        var second = rest.IndexOf((byte)' ');
        if (second <= 0 || rest.Length < second + 2)
        {
            return false;
        }

        var stream = rest[..second];
        var tag = rest[second + 1];
        if ((!stream.SequenceEqual("stdout"u8) && !stream.SequenceEqual("stderr"u8)) || tag is not ((byte)'F' or (byte)'P'))
        {
            return false;
        }

        var content = rest.Length > second + 3 ? rest[(second + 3)..] : [];
        result = new CriLogLine(line[..first], stream.SequenceEqual("stderr"u8), tag == 'P', content);
        return true;
    }
}
