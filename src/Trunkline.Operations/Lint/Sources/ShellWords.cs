using System.Text;

namespace Trunkline.Operations.Lint.Sources;

/// <summary>Splits a command into words as a shell would, as far as a lint needs it.</summary>
internal static class ShellWords
{
    public static IReadOnlyList<string> Split(string command)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var (quote, began) = ('\0', false);
        foreach (var c in command)
        {
            if (quote != '\0')
            {
                quote = c == quote ? '\0' : quote;
                _ = quote == '\0' ? word : word.Append(c);
            }
            else if (c is '\'' or '"')
            {
                (quote, began) = (c, true);
            }
            else if (char.IsWhiteSpace(c))
            {
                Take();
            }
            else if (c is '|' or ';' or '&')
            {
                Take();
                words.Add(c.ToString());
            }
            else
            {
                word.Append(c);
            }
        }

        Take();
        return words;

        void Take()
        {
            if (word.Length > 0 || began)
            {
                words.Add(word.ToString());
            }

            word.Clear();
            began = false;
        }
    }
}
