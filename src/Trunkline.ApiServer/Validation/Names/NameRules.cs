using System.Text.RegularExpressions;

namespace Trunkline.ApiServer.Validation.Names;

/// <summary>What names, labels and ports may look like, with the words of k8s.io/apimachinery/pkg/util/validation. Each rule yields what is wrong.</summary>
internal static partial class NameRules
{
    private const string LabelFormat = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private const string SubdomainFormat = LabelFormat + "(\\." + LabelFormat + ")*";
    private const string QualifiedFormat = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
    private const string QualifiedWords = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";

    public static IEnumerable<string> Dns1123Label(string value)
    {
        if (value.Length > 63)
        {
            yield return MaxLength(63);
        }

        if (!LabelForm().IsMatch(value))
        {
            yield return SubdomainForm().IsMatch(value)
                ? "must not contain dots"
                : WithRegex(
                    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
                    LabelFormat, "my-name", "123-abc");
        }
    }

    public static IEnumerable<string> Dns1123Subdomain(string value)
    {
        if (value.Length > 253)
        {
            yield return MaxLength(253);
        }

        if (!SubdomainForm().IsMatch(value))
        {
            yield return WithRegex(
                "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
                SubdomainFormat, "example.com");
        }
    }

    public static IEnumerable<string> Dns1035Label(string value)
    {
        if (value.Length > 63)
        {
            yield return MaxLength(63);
        }

        if (!Dns1035Form().IsMatch(value))
        {
            yield return WithRegex(
                "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
                "[a-z]([-a-z0-9]*[a-z0-9])?", "my-name", "abc-123");
        }
    }

    /// <summary>Names that become a part of a path (roles, their bindings, custom resources' parts).</summary>
    public static IEnumerable<string> PathSegment(string value)
    {
        if (value is "." or "..")
        {
            yield return $"may not be '{value}'";
        }

        foreach (var part in "/%".Where(value.Contains))
        {
            yield return $"may not contain '{part}'";
        }
    }

    public static IEnumerable<string> QualifiedName(string value)
    {
        var parts = value.Split('/');
        if (parts.Length > 2)
        {
            return ["a qualified name " + WithRegex(QualifiedWords, QualifiedFormat, "MyName", "my.name", "123-abc") + " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"];
        }

        return parts.Length == 2 ? Prefix(parts[0]).Concat(NamePart(parts[1])) : NamePart(parts[0]);
    }

    public static IEnumerable<string> LabelValue(string value)
    {
        if (value.Length > 63)
        {
            yield return MaxLength(63);
        }

        if (value.Length > 0 && !QualifiedForm().IsMatch(value))
        {
            yield return WithRegex(
                "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
                $"({QualifiedFormat})?", "MyValue", "my_value", "12345");
        }
    }

    public static IEnumerable<string> ConfigKey(string value)
    {
        if (value.Length > 253)
        {
            yield return MaxLength(253);
        }

        if (!ConfigKeyForm().IsMatch(value))
        {
            yield return WithRegex("a valid config key must consist of alphanumeric characters, '-', '_' or '.'", "[-._a-zA-Z0-9]+", "key.name", "KEY_NAME", "key-name");
        }

        if (value is "." or "..")
        {
            yield return $"must not be '{value}'";
        }
        else if (value.StartsWith("..", StringComparison.Ordinal))
        {
            yield return "must not start with '..'";
        }
    }

    public static IEnumerable<string> EnvironmentName(string value)
    {
        if (!EnvironmentForm().IsMatch(value))
        {
            yield return WithRegex(
                "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit",
                "[-._a-zA-Z][-._a-zA-Z0-9]*", "my.env-name", "MY_ENV.NAME", "MyEnvName1");
        }

        if (value is "." or "..")
        {
            yield return $"must not be '{value}'";
        }
        else if (value.StartsWith("..", StringComparison.Ordinal))
        {
            yield return "must not start with '..'";
        }
    }

    public static string MaxLength(int length) => $"must be no more than {length} characters";

    private static IEnumerable<string> Prefix(string prefix) => prefix.Length == 0
        ? ["prefix part must be non-empty"]
        : Dns1123Subdomain(prefix).Select(m => "prefix part " + m);

    private static IEnumerable<string> NamePart(string name)
    {
        if (name.Length == 0)
        {
            yield return "name part must be non-empty";
        }
        else if (name.Length > 63)
        {
            yield return "name part " + MaxLength(63);
        }

        if (!QualifiedForm().IsMatch(name))
        {
            yield return "name part " + WithRegex(QualifiedWords, QualifiedFormat, "MyName", "my.name", "123-abc");
        }
    }

    private static string WithRegex(string words, string format, params ReadOnlySpan<string> examples)
    {
        var text = words + " (e.g. ";
        for (var i = 0; i < examples.Length; i++)
        {
            text += (i > 0 ? " or " : "") + $"'{examples[i]}', ";
        }

        return text + $"regex used for validation is '{format}')";
    }

    [GeneratedRegex("^" + LabelFormat + "\\z", RegexOptions.CultureInvariant)]
    private static partial Regex LabelForm();

    [GeneratedRegex("^" + SubdomainFormat + "\\z", RegexOptions.CultureInvariant)]
    private static partial Regex SubdomainForm();

    [GeneratedRegex("^[a-z]([-a-z0-9]*[a-z0-9])?\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Dns1035Form();

    [GeneratedRegex("^" + QualifiedFormat + "\\z", RegexOptions.CultureInvariant)]
    private static partial Regex QualifiedForm();

    [GeneratedRegex("^[-._a-zA-Z0-9]+\\z", RegexOptions.CultureInvariant)]
    private static partial Regex ConfigKeyForm();

    [GeneratedRegex("^[-._a-zA-Z][-._a-zA-Z0-9]*\\z", RegexOptions.CultureInvariant)]
    private static partial Regex EnvironmentForm();
}
