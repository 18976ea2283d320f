using System.Text;

namespace Trunkline.Node.MachineConfig.Ignition;

/// <summary>data: URLs as Ignition writes file contents (RFC 2397): percent or base64; type and charset say nothing here. Pure.</summary>
internal static class DataUrl
{
    public static byte[] Decode(string source)
    {
        if (source.Length == 0)
        {
            return [];
        }

        const string Scheme = "data:";
        var comma = source.IndexOf(',', StringComparison.Ordinal);
        if (!source.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || comma < 0)
        {
            throw new InvalidDataException("contents.source must be a data URL");
        }

        var head = source[Scheme.Length..comma];
        var body = source[(comma + 1)..];
        if (!head.EndsWith(";base64", StringComparison.OrdinalIgnoreCase))
        {
            return Percent(body);
        }

        try
        {
            return Convert.FromBase64String(Encoding.ASCII.GetString(Percent(body)));
        }
        catch (FormatException exception)
        {
            throw new InvalidDataException($"contents.source is no base64: {exception.Message}", exception);
        }
    }

    private static byte[] Percent(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var result = new MemoryStream(bytes.Length);
        for (var index = 0; index < bytes.Length; index++)
        {
            if (bytes[index] != '%')
            {
                result.WriteByte(bytes[index]);
                continue;
            }

            if (index + 2 >= bytes.Length || !char.IsAsciiHexDigit((char)bytes[index + 1]) || !char.IsAsciiHexDigit((char)bytes[index + 2]))
            {
                throw new InvalidDataException("contents.source has a '%' without two hexadecimal digits");
            }

            result.WriteByte(Convert.ToByte($"{(char)bytes[index + 1]}{(char)bytes[index + 2]}", 16));
            index += 2;
        }

        return result.ToArray();
    }
}
