namespace Trunkline.Operations.Lint.Documents;

/// <summary>Whether a manifest has to do with SCTP. Rules about SCTP look only at those, so that they say nothing about anybody else's.</summary>
internal static class SctpMentions
{
    public static bool In(LintDocument document)
    {
        if (document.Name?.Contains("sctp", StringComparison.OrdinalIgnoreCase) == true)
        {
            return true;
        }

        foreach (var (key, scalar) in document.Root.Scalars())
        {
            var text = scalar.Text!;
            if (key is "protocol" ? text.Equals("SCTP", StringComparison.OrdinalIgnoreCase) : IsTelling(key) && text.Contains("sctp", StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    // Names, labels, selectors and commands; not descriptions, which may tell of anything.
    private static bool IsTelling(string key) => key is "name" or "app" or "port" or "targetPort" or "command" or "args" or "path" or "source" or "role" or "component" or "app.kubernetes.io/name" or "app.kubernetes.io/component";
}
