using System.Text.RegularExpressions;
using Trunkline.Operations.Lint.Context;
using Trunkline.Operations.Lint.Documents;
using Trunkline.Operations.Manifests;

namespace Trunkline.Operations.Lint.Rules.Policies;

/// <summary>ValidateNetworkPolicyPort.</summary>
internal static partial class PolicyPortChecks
{
    private const string OutOfRange = "must be between 1 and 65535, inclusive";

    public static void Check(PolicyPortFacts port, string path, Refusals refusals)
    {
        refusals.OnlyFields(port.Node, path, ["protocol", "port", "endPort"]);
        refusals.Protocol(port.Node["protocol"], $"{path}.protocol", "\"TCP\", \"UDP\", \"SCTP\"");
        var (node, end) = (port.Node["port"], port.Node["endPort"]);
        var last = end.Number();
        if (node.IsNull())
        {
            if (last is not null)
            {
                refusals.Invalid(end!, $"{path}.endPort", last, "may not be specified when `port` is not specified");
            }

            return;
        }

        if (port.Name is { } name)
        {
            if (last is not null)
            {
                refusals.Invalid(end!, $"{path}.endPort", last, "may not be specified when `port` is non-numeric");
            }

            Name(node!, $"{path}.port", name, refusals);
            return;
        }

        Number(node!, end, path, refusals);
    }

    private static void Number(ManifestNode node, ManifestNode? end, string path, Refusals refusals)
    {
        var (number, last) = (node.Number() ?? 0, end.Number());
        if (number is < 1 or > 65535)
        {
            refusals.Invalid(node, $"{path}.port", number, OutOfRange);
        }

        if (last < number)
        {
            // The server prints the port here, not the end.
            refusals.Invalid(end!, $"{path}.endPort", number, "must be greater than or equal to `port`");
        }

        if (last is < 1 or > 65535)
        {
            refusals.Invalid(end!, $"{path}.endPort", last, OutOfRange);
        }
    }

    private static void Name(ManifestNode node, string path, string name, Refusals refusals)
    {
        var why = name switch
        {
            _ when name.Length > 15 => "must be no more than 15 characters",
            _ when name.Contains("{{", StringComparison.Ordinal) || name.Contains("${", StringComparison.Ordinal) => null,
            _ when !Form().IsMatch(name) => "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)",
            _ when !name.Any(char.IsAsciiLetterLower) => "must contain at least one letter (a-z)",
            _ when name.Contains("--", StringComparison.Ordinal) => "must not contain consecutive hyphens",
            _ when name.StartsWith('-') || name.EndsWith('-') => "must not begin or end with a hyphen",
            _ => null,
        };
        if (why is not null)
        {
            refusals.Invalid(node, path, $"\"{name}\"", why);
        }
    }

    [GeneratedRegex("^[-a-z0-9]+\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
