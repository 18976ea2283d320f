using System.Globalization;
using Trunkline.ApiServer.Errors;
using Trunkline.ApiServer.Validation.Fields;
using Trunkline.ApiServer.Validation.Names;

namespace Trunkline.ApiServer.Selectors;

/// <summary>The labelSelector of a query: <c>a=b,c!=d,e in (f,g),!h</c>, with the errors of k8s.io/apimachinery's parser.</summary>
public sealed class LabelSelector
{
    private readonly List<LabelRequirement> _requirements = [];

    private LabelSelector()
    {
    }

    public static LabelSelector Parse(string? text)
    {
        var selector = new LabelSelector();
        if (string.IsNullOrEmpty(text))
        {
            return selector;
        }

        try
        {
            selector.Read(new SelectorLexer(text));
        }
        catch (FormatException bad)
        {
            throw StatusErrors.BadRequest("unable to parse requirement: " + bad.Message);
        }

        return selector;
    }

    public bool Matches(IReadOnlyDictionary<string, string> labels) => _requirements.TrueForAll(r => r.Matches(labels));

    private void Read(SelectorLexer lexer)
    {
        while (true)
        {
            var token = lexer.Next();
            if (token.Length == 0)
            {
                return;
            }

            var requirement = Requirement(lexer, token);
            Check(requirement);
            _requirements.Add(requirement);
            var end = lexer.Next();
            if (end.Length == 0)
            {
                return;
            }

            if (end != ",")
            {
                throw new FormatException($"found '{end}', expected: ',' or 'end of string'");
            }

            if (lexer.Peek() is "" or ",")
            {
                throw new FormatException($"found '{lexer.Peek()}', expected: identifier after ','");
            }
        }
    }

    private static LabelRequirement Requirement(SelectorLexer lexer, string token)
    {
        var negated = token == "!";
        var key = negated ? lexer.Next() : token;
        if (!SelectorLexer.IsWord(key))
        {
            throw new FormatException($"found '{key}', expected: {(negated ? "identifier" : "!, identifier, or 'end of string'")}");
        }

        if (string.Join("; ", NameRules.QualifiedName(key)) is { Length: > 0 } odd)
        {
            throw new FormatException($"<nil>: Invalid value: {Go.Quote(key)}: {odd}");
        }

        if (negated)
        {
            return new LabelRequirement(key, "!", []);
        }

        if (lexer.Peek() is "" or ",")
        {
            return new LabelRequirement(key, "exists", []);
        }

        var op = lexer.Next();
        return op switch
        {
            "=" or "==" => new LabelRequirement(key, "in", [Value(lexer)]),
            "!=" => new LabelRequirement(key, "notin", [Value(lexer)]),
            ">" => new LabelRequirement(key, "gt", [Value(lexer)]),
            "<" => new LabelRequirement(key, "lt", [Value(lexer)]),
            "in" or "notin" => new LabelRequirement(key, op, Values(lexer)),
            _ => throw new FormatException($"found '{op}', expected: in, notin, =, ==, !=, gt, lt"),
        };
    }

    // labels.NewRequirement
    private static void Check(LabelRequirement requirement)
    {
        var wrong = new List<string>();
        var numbers = requirement.Operator is "gt" or "lt";
        for (var i = 0; i < requirement.Values.Count; i++)
        {
            var value = requirement.Values[i];
            if (numbers && !long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
            {
                wrong.Add($"values[{i}]: Invalid value: {Go.Quote(value)}: for 'Gt', 'Lt' operators, the value must be an integer");
            }

            if (string.Join("; ", NameRules.LabelValue(value)) is { Length: > 0 } odd)
            {
                wrong.Add($"values[{i}][{requirement.Key}]: Invalid value: {Go.Quote(value)}: {odd}");
            }
        }

        if (wrong.Count > 0)
        {
            throw new FormatException(wrong.Count == 1 ? wrong[0] : $"[{string.Join(", ", wrong)}]");
        }
    }

    private static string Value(SelectorLexer lexer)
    {
        if (lexer.Peek() is "" or ",")
        {
            return "";
        }

        var value = lexer.Next();
        return SelectorLexer.IsWord(value) ? value : throw new FormatException($"found '{value}', expected: identifier");
    }

    private static List<string> Values(SelectorLexer lexer)
    {
        if (lexer.Next() is var open && open != "(")
        {
            throw new FormatException($"found '{open}', expected: '('");
        }

        var values = new List<string>();
        while (true)
        {
            var token = lexer.Next();
            switch (token)
            {
                case ")" when values.Count == 0:
                    return [""];
                case ")":
                    return values;
                case ",":
                    break;
                case var word when SelectorLexer.IsWord(word):
                    values.Add(word);
                    break;
                default:
                    throw new FormatException($"found '{token}', expected: ',', ')' or identifier");
            }
        }
    }
}
