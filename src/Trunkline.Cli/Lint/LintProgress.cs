using Trunkline.Cli.Output;

namespace Trunkline.Cli.Lint;

/// <summary>One line on standard error that says how far a long lint is; nothing where nobody watches.</summary>
internal sealed class LintProgress(ReportFormat format) : IDisposable
{
    // Often enough to be seen moving, seldom enough to cost nothing.
    private const int Every = 100;

    private readonly bool _isWatched = !Console.IsErrorRedirected && format == ReportFormat.Text;
    private int _written;

    /// <summary>Says how far it is.</summary>
    public void Show(string words, int count)
    {
        if (_isWatched && count % Every == 0)
        {
            Console.Error.Write($"\r{words.PadRight(_written)}");
            _written = words.Length;
        }
    }

    /// <summary>Takes the line away.</summary>
    public void Clear()
    {
        if (_written > 0)
        {
            Console.Error.Write($"\r{new string(' ', _written)}\r");
            _written = 0;
        }
    }

    public void Dispose() => Clear();
}
