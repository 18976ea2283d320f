using System.Text.Json;

namespace Trunkline.ApiServer.Http;

/// <summary>What Go's JSON scanner says about bad JSON.</summary>
internal static class GoSyntax
{
    public static string Describe(ReadOnlySpan<byte> json, string prefix = "")
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 256 });
        try
        {
            while (reader.Read())
            {
            }

            return prefix + "unexpected end of JSON input";
        }
        catch (JsonException)
        {
            return prefix + At(json, (int)Math.Min(reader.BytesConsumed, json.Length));
        }
    }

    private static string At(ReadOnlySpan<byte> json, int consumed)
    {
        var rest = json[consumed..];
        var skip = 0;
        while (skip < rest.Length && rest[skip] is (byte)' ' or (byte)'\n' or (byte)'\t' or (byte)'\r')
        {
            skip++;
        }

        rest = rest[skip..];
        if (rest.IsEmpty || IsCutOff(rest))
        {
            return "unexpected end of JSON input";
        }

        var offender = rest[0] is (byte)':' or (byte)',' && rest.Length > 1 ? rest[1..].TrimStart(" \n\t\r"u8) : rest;
        if (offender.IsEmpty)
        {
            return "unexpected end of JSON input";
        }

        return $"invalid character '{(char)offender[0]}' looking for beginning of value";
    }

    // A value that the end of the input interrupts.
    private static bool IsCutOff(ReadOnlySpan<byte> rest) =>
        rest is [(byte)':'] or [(byte)','] || (rest[0] == '"' && rest[1..].IndexOf((byte)'"') < 0);
}
