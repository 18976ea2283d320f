namespace Trunkline.Netcat.Sessions;

/// <summary><c>-C</c>: a line feed goes out as CR LF, one that has its CR stays.</summary>
internal sealed class LineEndings
{
    private byte _last;

    internal byte[] Convert(ReadOnlySpan<byte> bytes)
    {
        var converted = new List<byte>(bytes.Length + 16);
        foreach (var value in bytes)
        {
            if (value == '\n' && _last != '\r')
            {
                converted.Add((byte)'\r');
            }

            converted.Add(value);
            _last = value;
        }

        return [.. converted];
    }
}
