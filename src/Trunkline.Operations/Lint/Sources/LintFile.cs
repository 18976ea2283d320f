using Trunkline.Operations.Lint.Documents;

namespace Trunkline.Operations.Lint.Sources;

/// <summary>One file of a run, read: its documents, commands and prose, and what could not be read.</summary>
public sealed class LintFile
{
    private LintFile(SourceText source, bool isNamed) => (Source, IsNamed) = (source, isNamed);

    /// <summary>The text.</summary>
    public SourceText Source { get; }

    /// <summary>Whether the caller named this very file (or standard input), rather than a folder in which it stands.</summary>
    public bool IsNamed { get; }

    /// <summary>Whether it is one of a Helm chart's templates.</summary>
    public bool IsHelmTemplate { get; private init; }

    /// <summary>The Markdown page; null when it is none.</summary>
    public MarkdownPage? Page { get; private set; }

    /// <summary>The texts between <c>---</c> lines.</summary>
    public IList<DocumentChunk> Chunks { get; } = [];

    /// <summary>The objects, those of Lists one by one.</summary>
    public IList<LintDocument> Documents { get; } = [];

    /// <summary>The commands of its shell fences, or of the script that it is.</summary>
    public IList<ShellLine> Shell { get; } = [];

    /// <summary>What could not be read.</summary>
    public IList<Problem> Problems { get; } = [];

    /// <summary>Whether the page or script is about SCTP at all.</summary>
    public bool IsAboutSctp => _isAboutSctp ??= Source.Text.Contains("sctp", StringComparison.OrdinalIgnoreCase);

    private bool? _isAboutSctp;

    /// <summary>Reads a file.</summary>
    /// <param name="source">Its text.</param>
    /// <param name="isNamed">Whether the caller named it.</param>
    /// <param name="isHelmTemplate">Whether it stands among a Helm chart's templates.</param>
    public static LintFile Read(SourceText source, bool isNamed = true, bool isHelmTemplate = false)
    {
        var file = new LintFile(source, isNamed) { IsHelmTemplate = isHelmTemplate };
        var reader = new DocumentReader(file);
        switch (FileKinds.Of(source))
        {
            case FileKind.Markdown:
                file.ReadPage(reader);
                break;
            case FileKind.Shell:
                file.ReadShell(reader, TextRegion.Whole(source), null);
                break;
            default:
                reader.Read(TextRegion.Whole(source), isNamed);
                break;
        }

        return file;
    }

    private void ReadPage(DocumentReader reader)
    {
        Page = MarkdownPage.Read(Source);
        foreach (var fence in Page.Fences)
        {
            var region = TextRegion.Lines(Source, fence.Open + 1, fence.Close, fence.Indent);
            if (fence.Content == FenceContent.Manifests)
            {
                reader.Read(region, mustBeManifest: false, fence);
            }
            else if (fence.Content == FenceContent.Shell)
            {
                ReadShell(reader, region, fence);
            }
        }
    }

    private void ReadShell(DocumentReader reader, TextRegion region, Fence? fence)
    {
        foreach (var line in ShellReader.Read(region, fence))
        {
            Shell.Add(line);
            if (line.Heredoc is { Body: { } body } && body.Text.Contains("apiVersion", StringComparison.Ordinal))
            {
                reader.Read(body, mustBeManifest: false, fence);
            }
        }
    }
}
