using System.Text;

namespace Trunkline.Operations.Lint.Sources;

/// <summary>A file's text with what is needed to write it back as it was.</summary>
/// <param name="Text">The text, without a byte order mark.</param>
/// <param name="HasMark">Whether it begins with UTF-8's byte order mark.</param>
/// <param name="Problem">Why it could not be read as a text; null when it could.</param>
public sealed record FileText(string Text, bool HasMark, string? Problem = null)
{
    /// <summary>No manifest or page is larger.</summary>
    public const int MostBytes = 64 << 20;

    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads the bytes of a file.</summary>
    public static FileText Of(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MostBytes)
        {
            return new FileText("", false, $"larger than {MostBytes >> 20} MiB, as no manifest is");
        }

        var mark = bytes is [0xEF, 0xBB, 0xBF, ..];
        try
        {
            return new FileText(s_strict.GetString(mark ? bytes[3..] : bytes), mark);
        }
        catch (DecoderFallbackException)
        {
            return new FileText("", mark, "not UTF-8, which the Kubernetes API takes alone");
        }
    }

    /// <summary>The bytes of another text for the same file.</summary>
    public byte[] Bytes(string text) => [.. HasMark ? [0xEF, 0xBB, 0xBF] : Array.Empty<byte>(), .. s_strict.GetBytes(text)];
}
