using System.Text;
using System.Text.Json;

namespace Trunkline.ApiServer.Validation.Decoding;

/// <summary>
/// Strings of untrusted JSON as Go reads them: what is not UTF-8 or half a surrogate pair becomes U+FFFD, where System.Text.Json would throw.
/// </summary>
internal static class GoText
{
    public static string Read(ref Utf8JsonReader reader)
    {
        var raw = reader.ValueSpan;
        if (!reader.ValueIsEscaped)
        {
            return Encoding.UTF8.GetString(raw);
        }

        // The reader has checked that every backslash begins a good escape.
        var text = Encoding.UTF8.GetString(raw);
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                result.Append(text[i]);
            }
            else if (text[++i] == 'u')
            {
                result.Append((char)Convert.ToUInt16(text.Substring(i + 1, 4), 16));
                i += 4;
            }
            else
            {
                result.Append(Unescape(text[i]));
            }
        }

        return ReplaceHalves(result.ToString());
    }

    private static char Unescape(char letter) => letter switch
    {
        'b' => '\b',
        'f' => '\f',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        _ => letter,
    };

    private static string ReplaceHalves(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            result.Append(rune);
        }

        return result.ToString();
    }
}
