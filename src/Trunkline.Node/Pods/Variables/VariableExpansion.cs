using System.Text;

namespace Trunkline.Node.Pods.Variables;

/// <summary>$(NAME) in commands, arguments and values: replaced where NAME is known, left as it stands where not; $$ is one $. Pure.</summary>
internal static class VariableExpansion
{
    public static string Expand(string text, IReadOnlyDictionary<string, string> variables)
    {
        if (!text.Contains('$', StringComparison.Ordinal))
        {
            return text;
        }

        var result = new StringBuilder(text.Length);
        for (var index = 0; index < text.Length; index++)
        {
            if (text[index] != '$' || index + 1 == text.Length)
            {
                result.Append(text[index]);
                continue;
            }

            index += Take(text, index, variables, result);
        }

        return result.ToString();
    }

    // Writes what "$…" at the position stands for; gives how many characters beyond the '$' were used.
    private static int Take(string text, int position, IReadOnlyDictionary<string, string> variables, StringBuilder result)
    {
        if (text[position + 1] == '$')
        {
            result.Append('$');
            return 1;
        }

        var end = text[position + 1] == '(' ? text.IndexOf(')', position + 2) : -1;
        if (end < 0)
        {
            result.Append('$');
            return 0;
        }

        var name = text[(position + 2)..end];
        result.Append(variables.TryGetValue(name, out var value) ? value : text[position..(end + 1)]);
        return end - position;
    }
}
