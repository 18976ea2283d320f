using Trunkline.Operations.Lint.Documents;
using Trunkline.Operations.Manifests;

namespace Trunkline.Operations.Lint.Sources;

/// <summary>
/// Reads the documents of a region one by one: the region is cut at its <c>---</c> lines before anything is parsed, so that a broken document hides no other.
/// </summary>
internal sealed class DocumentReader(LintFile file)
{
    private const string TemplateFix = "lint what it renders: helm template CHART | trunkline lint -";

    /// <summary>Reads.</summary>
    /// <param name="region">The region.</param>
    /// <param name="mustBeManifest">Whether text that cannot be read is a problem in any case; else only when it looks like a manifest.</param>
    /// <param name="fence">The Markdown fence in which it stands.</param>
    public void Read(TextRegion region, bool mustBeManifest, Fence? fence = null)
    {
        foreach (var (first, end) in Cut(region))
        {
            ReadOne(region.Slice(first, end), mustBeManifest, fence);
        }
    }

    // "---" at the first column always begins a document, also within a block scalar (YAML 1.2, 9.1.2). Directives stand before it and go with it.
    private static IEnumerable<(int First, int End)> Cut(TextRegion region)
    {
        var first = 0;
        var holds = false;
        for (var line = 0; line < region.LineCount; line++)
        {
            var text = region.Line(line);
            if (text.StartsWith("---", StringComparison.Ordinal) && (text.Length == 3 || text[3] is ' ' or '\t'))
            {
                if (holds)
                {
                    yield return (first, line);
                    first = line;
                }

                holds = true;
            }
            else
            {
                var content = text.TrimStart();
                holds |= content.Length > 0 && content[0] != '#' && content[0] != '%';
            }
        }

        yield return (first, region.LineCount);
    }

    private void ReadOne(TextRegion region, bool mustBeManifest, Fence? fence)
    {
        var chunk = new DocumentChunk(region, fence);
        file.Chunks.Add(chunk);
        if (file.IsHelmTemplate && region.Text.Contains("{{", StringComparison.Ordinal))
        {
            Templated(region, region.Text.IndexOf("{{", StringComparison.Ordinal));
            return;
        }

        var parsed = WithoutEllipses(region, chunk, indented: false);
        try
        {
            Add(ManifestReader.Read(parsed.Text), chunk);
        }
        catch (ManifestException error)
        {
            if (!SecondTry(region, chunk))
            {
                Refuse(region, error, mustBeManifest);
            }
        }
    }

    // An indented "..." is no end of a document but a value that YAML cannot place; it leaves something out all the same.
    private bool SecondTry(TextRegion region, DocumentChunk chunk)
    {
        chunk.Ellipses.Clear();
        var parsed = WithoutEllipses(region, chunk, indented: true);
        if (chunk.Ellipses.Count == 0)
        {
            return false;
        }

        try
        {
            Add(ManifestReader.Read(parsed.Text).ToList(), chunk);
            return true;
        }
        catch (ManifestException)
        {
            chunk.Ellipses.Clear();
            return false;
        }
    }

    private void Add(IEnumerable<ManifestNode> roots, DocumentChunk chunk)
    {
        foreach (var root in roots)
        {
            LintDocument.AddAll(file, chunk, root);
        }
    }

    private static TextRegion WithoutEllipses(TextRegion region, DocumentChunk chunk, bool indented)
    {
        var text = region.Text;
        if (IsJson(text))
        {
            // JSON may be indented by tabs, YAML may not; within JSON's strings there are none.
            return region.With(text.Replace('\t', ' '));
        }

        if (!text.Contains("...", StringComparison.Ordinal))
        {
            return region;
        }

        for (var line = 0; line < region.LineCount; line++)
        {
            var content = region.Line(line);
            var start = region.Start(line);
            var indent = content.IndexOf("...", StringComparison.Ordinal);
            if (indent < 0 || (indent > 0 && !indented) || content.Trim() is not "..." || (indent == 0 && !HasContentAfter(region, line)))
            {
                continue;
            }

            chunk.Ellipses.Add(start + indent);
            text = string.Concat(text.AsSpan(0, start + indent), "#..", text.AsSpan(start + indent + 3));
        }

        return region.With(text);
    }

    private static bool HasContentAfter(TextRegion region, int line)
    {
        for (var next = line + 1; next < region.LineCount; next++)
        {
            var text = region.Line(next).TrimStart();
            if (text.Length > 0 && text[0] != '#')
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsJson(string text) => text.AsSpan().TrimStart() is ['{' or '[', ..];

    private void Refuse(TextRegion region, ManifestException error, bool mustBeManifest)
    {
        var braces = region.Text.IndexOf("{{", StringComparison.Ordinal);
        if (braces >= 0)
        {
            Templated(region, braces);
        }
        else if (mustBeManifest || (region.Text.Contains("apiVersion", StringComparison.Ordinal) && region.Text.Contains("kind", StringComparison.Ordinal)))
        {
            var what = IsJson(region.Text) ? "JSON" : "YAML";
            file.Problems.Add(new Problem(region.InFile(error.Mark), $"this document is not {what} and was not linted: {(error.Reason.Length > 0 ? error.Reason : error.Message)}"));
        }
    }

    private void Templated(TextRegion region, int offset) =>
        file.Problems.Add(new Problem(region.InFile(offset), "this is a template, not yet a manifest, and was not linted", IsTemplate: true, TemplateFix));
}
