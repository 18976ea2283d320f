using System.Text;
using System.Text.Encodings.Web;

namespace Trunkline.ApiServer.Http;

/// <summary>Escapes what Go's encoding/json escapes: quotes, controls, &lt; &gt; &amp; and the two line separators; all else stands as it is.</summary>
internal sealed class GoEncoder : JavaScriptEncoder
{
    public static readonly GoEncoder Instance = new();

    public override int MaxOutputCharactersPerInputCharacter => 6;

    public override bool WillEncode(int unicodeScalar) => unicodeScalar is < 0x20 or '"' or '\\' or '<' or '>' or '&' or 0x2028 or 0x2029;

    public override unsafe int FindFirstCharacterToEncode(char* text, int textLength)
    {
        for (var i = 0; i < textLength; i++)
        {
            if (WillEncode(text[i]) || IsLoneSurrogate(text, textLength, ref i))
            {
                return i;
            }
        }

        return -1;
    }

    public override unsafe bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten)
    {
        var text = unicodeScalar switch
        {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            '\b' => "\\b",
            '\f' => "\\f",
            _ when WillEncode(unicodeScalar) => $"\\u{unicodeScalar:x4}",
            _ => new Rune(unicodeScalar).ToString(),
        };
        numberOfCharactersWritten = text.Length;
        return text.TryCopyTo(new Span<char>(buffer, bufferLength));
    }

    private static unsafe bool IsLoneSurrogate(char* text, int length, ref int i)
    {
        if (!char.IsSurrogate(text[i]))
        {
            return false;
        }

        if (i + 1 < length && char.IsSurrogatePair(text[i], text[i + 1]))
        {
            i++;
            return false;
        }

        return true;
    }
}
