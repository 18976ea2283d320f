using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Trunkline.ApiServer.Validation.Fields;

namespace Trunkline.ApiServer.Validation.Names;

/// <summary>Port numbers, port names and what may be either.</summary>
internal static partial class PortRules
{
    public static IEnumerable<string> Number(long port)
    {
        if (port is < 1 or > 65535)
        {
            yield return "must be between 1 and 65535, inclusive";
        }
    }

    /// <summary>An IANA service name (RFC 6335 section 5.1).</summary>
    public static IEnumerable<string> Name(string name)
    {
        if (name.Length > 15)
        {
            yield return NameRules.MaxLength(15);
        }

        if (!NameForm().IsMatch(name))
        {
            yield return "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)";
        }

        if (!name.Any(c => c is >= 'a' and <= 'z'))
        {
            yield return "must contain at least one letter (a-z)";
        }

        if (name.Contains("--", StringComparison.Ordinal))
        {
            yield return "must not contain consecutive hyphens";
        }

        if (name.StartsWith('-') || name.EndsWith('-'))
        {
            yield return "must not begin or end with a hyphen";
        }
    }

    /// <summary>An IntOrString that names a port.</summary>
    public static void NumberOrName(this FieldErrors errors, string path, JsonNode? value)
    {
        if (NodeReader.AsText(value) is { } name)
        {
            errors.Invalid(path, name, Name(name));
        }
        else
        {
            var number = NodeReader.AsInt(value) ?? 0;
            errors.Invalid(path, number, Number(number));
        }
    }

    [GeneratedRegex("^[-a-z0-9]+\\z", RegexOptions.CultureInvariant)]
    private static partial Regex NameForm();
}
