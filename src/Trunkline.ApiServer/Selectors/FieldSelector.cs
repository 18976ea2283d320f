using Trunkline.ApiServer.Errors;
using Trunkline.ApiServer.Kinds;
using Trunkline.ApiServer.Storage;

namespace Trunkline.ApiServer.Selectors;

/// <summary>The fieldSelector of a query: <c>a=b,c!=d</c> over the few fields that a kind offers.</summary>
public sealed class FieldSelector
{
    private readonly List<(string Field, bool Equal, string Value)> _terms = [];

    private FieldSelector()
    {
    }

    /// <summary>The name asked for, where the selector is for one object.</summary>
    public string? Name => _terms.Find(t => t is { Field: "metadata.name", Equal: true }) is { Value: { } name } ? name : null;

    public static FieldSelector Parse(string? text, ResourceKind kind)
    {
        var selector = new FieldSelector();
        foreach (var term in Split(text ?? ""))
        {
            var (field, equal, value) = Term(term, text!);
            var canonical = Canonical(kind, field);
            if (!SelectableFields.Allows(kind.Storage, canonical))
            {
                throw StatusErrors.BadRequest(
                    $"Unable to find \"{kind.Group}/{kind.Version}, Resource={kind.Plural}\" that match label selector \"\", field selector \"{text}\": field label not supported: {field}");
            }

            selector._terms.Add((canonical, equal, value));
        }

        return selector;
    }

    public bool Matches(StoredObject stored) =>
        _terms.TrueForAll(t => string.Equals(stored.Fields.GetValueOrDefault(t.Field, ""), t.Value, StringComparison.Ordinal) == t.Equal);

    // events.k8s.io names the same fields differently.
    private static string Canonical(ResourceKind kind, string field) => kind.Group == "events.k8s.io"
        ? field.Replace("regarding.", "involvedObject.", StringComparison.Ordinal).Replace("reportingController", "reportingComponent", StringComparison.Ordinal)
        : field;

    private static (string Field, bool Equal, string Value) Term(string term, string whole)
    {
        foreach (var (op, equal) in new[] { ("!=", false), ("==", true), ("=", true) })
        {
            var at = term.IndexOf(op, StringComparison.Ordinal);
            if (at > 0)
            {
                return (term[..at], equal, Unescape(term[(at + op.Length)..]));
            }
        }

        throw StatusErrors.BadRequest($"invalid selector: '{whole}'; can't understand '{term}'");
    }

    private static IEnumerable<string> Split(string text)
    {
        var start = 0;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && text[i] == '\\')
            {
                i++;
            }
            else if (i == text.Length || text[i] == ',')
            {
                if (i > start)
                {
                    yield return text[start..i];
                }

                start = i + 1;
            }
        }
    }

    private static string Unescape(string value) => value
        .Replace("\\,", ",", StringComparison.Ordinal)
        .Replace("\\=", "=", StringComparison.Ordinal)
        .Replace("\\\\", "\\", StringComparison.Ordinal);
}
