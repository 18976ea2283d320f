using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace Trunkline.ApiServer.Validation.Decoding;

/// <summary>Amounts such as <c>500m</c> and <c>2Gi</c> (k8s.io/apimachinery resource.Quantity).</summary>
public static partial class Quantity
{
    private const string WrongFormat = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
    private static readonly string[] Binary = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
    private static readonly Dictionary<string, int> Decimal = new(StringComparer.Ordinal)
    {
        ["n"] = -9,
        ["u"] = -6,
        ["m"] = -3,
        [""] = 0,
        ["k"] = 3,
        ["M"] = 6,
        ["G"] = 9,
        ["T"] = 12,
        ["P"] = 15,
        ["E"] = 18,
    };

    /// <summary>The one way in which the amount is written; throws <see cref="FormatException"/> where it is none.</summary>
    public static string Canonical(string text)
    {
        var (nanos, suffix) = Parse(text);
        if (Array.IndexOf(Binary, suffix) > 0 && BigInteger.Remainder(nanos, Billion).IsZero && BigInteger.Abs(nanos / Billion) >= 1024)
        {
            return WriteBinary(nanos / Billion);
        }

        return ExponentForm().IsMatch(suffix) ? WriteExponent(nanos) : WriteDecimal(nanos);
    }

    /// <summary>The amount in billionths; zero where it cannot be read.</summary>
    public static BigInteger NanosOrZero(string? text)
    {
        try
        {
            return text is null ? BigInteger.Zero : Parse(text).Nanos;
        }
        catch (FormatException)
        {
            return BigInteger.Zero;
        }
    }

    private static BigInteger Billion => new(1_000_000_000);

    private static (BigInteger Nanos, string Suffix) Parse(string text)
    {
        var match = text.Length <= 64 ? Form().Match(text) : Match.Empty;
        if (!match.Success)
        {
            throw new FormatException(text.Length == 0 ? "quantities must not be empty" : WrongFormat);
        }

        var suffix = match.Groups["suffix"].Value;
        var digits = match.Groups["int"].Value + match.Groups["frac"].Value;
        if (digits.Length == 0)
        {
            throw new FormatException(WrongFormat);
        }

        var value = BigInteger.Parse(digits, CultureInfo.InvariantCulture) * (match.Groups["sign"].Value == "-" ? -1 : 1);
        var scale = -match.Groups["frac"].Length;
        var binary = Array.IndexOf(Binary, suffix);
        if (binary > 0)
        {
            return (Scale(value * BigInteger.Pow(1024, binary), scale + 9), suffix);
        }

        return (Scale(value, scale + 9 + ExponentOf(suffix)), suffix);
    }

    private static int ExponentOf(string suffix)
    {
        if (Decimal.TryGetValue(suffix, out var exponent))
        {
            return exponent;
        }

        return ExponentForm().IsMatch(suffix) && int.TryParse(suffix.AsSpan(1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var e) && e is > -30 and < 30
            ? e
            : throw new FormatException("unable to parse quantity's suffix");
    }

    // What is smaller than a billionth is rounded up, away from zero.
    private static BigInteger Scale(BigInteger value, int exponent)
    {
        if (exponent >= 0)
        {
            return value * BigInteger.Pow(10, exponent);
        }

        var quotient = BigInteger.DivRem(value, BigInteger.Pow(10, -exponent), out var rest);
        return rest.IsZero ? quotient : quotient + rest.Sign;
    }

    private static string WriteBinary(BigInteger value)
    {
        var unit = 0;
        while (unit < Binary.Length - 1 && (value % 1024).IsZero && !value.IsZero)
        {
            value /= 1024;
            unit++;
        }

        return value.ToString(CultureInfo.InvariantCulture) + Binary[unit];
    }

    private static string WriteDecimal(BigInteger nanos)
    {
        var (value, exponent) = Shrink(nanos);
        return value.ToString(CultureInfo.InvariantCulture) + Decimal.First(p => p.Value == exponent).Key;
    }

    private static string WriteExponent(BigInteger nanos)
    {
        var (value, exponent) = Shrink(nanos);
        return value.ToString(CultureInfo.InvariantCulture) + (exponent == 0 ? "" : "e" + exponent.ToString(CultureInfo.InvariantCulture));
    }

    private static (BigInteger Value, int Exponent) Shrink(BigInteger nanos)
    {
        var (value, exponent) = (nanos, -9);
        while (exponent < 18 && !value.IsZero && (value % 1000).IsZero)
        {
            value /= 1000;
            exponent += 3;
        }

        return value.IsZero ? (value, 0) : (value, exponent);
    }

    [GeneratedRegex(@"^(?<sign>[+-]?)(?<int>[0-9]*)(\.(?<frac>[0-9]*))?(?<suffix>[eEinumkKMGTP]*[-+]?[0-9]*)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();

    [GeneratedRegex(@"^[eE][-+]?[0-9]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex ExponentForm();
}
