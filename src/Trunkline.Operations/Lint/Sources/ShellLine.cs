namespace Trunkline.Operations.Lint.Sources;

/// <summary>A command of a shell fence or script, or a line that a command has printed.</summary>
/// <param name="Region">The region in which it stands.</param>
/// <param name="Offset">Where the command begins in the region, after a prompt.</param>
/// <param name="Text">The command, continued lines joined; or the printed line.</param>
/// <param name="Prompt">The prompt before it, without spaces; null when there is none.</param>
/// <param name="FirstLength">The length of its first line, within which <see cref="Text"/> and the region are the same.</param>
public sealed record ShellLine(TextRegion Region, int Offset, string Text, string? Prompt, int FirstLength)
{
    /// <summary>The fence; null in a script.</summary>
    public Fence? Fence { get; init; }

    /// <summary>Whether it was printed by a command rather than typed: it has no prompt where others of its block have one.</summary>
    public bool IsOutput { get; set; }

    /// <summary>The heredoc that the command begins; null without one.</summary>
    public Heredoc? Heredoc { get; init; }

    /// <summary>Its first character in the file.</summary>
    public int InFile => Region.InFile(Offset);

    /// <summary>Its line in the file, from 0.</summary>
    public int FileLine => Region.Source.LineOf(InFile);

    /// <summary>Whether all prompts of its block stand before commands and nothing that was printed stands between them.</summary>
    public bool IsInTranscript { get; set; }

    /// <summary>The words of the command. Quotes are taken off; what they hold is one word.</summary>
    public IReadOnlyList<string> Words => _words ??= ShellWords.Split(Text);

    private IReadOnlyList<string>? _words;
}
