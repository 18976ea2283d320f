using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Trunkline.Node.IntegrationTests.Network;

/// <summary>Keeps what the data plane logs, for the words of a failing test.</summary>
internal sealed class LastWords : ILogger
{
    private readonly ConcurrentQueue<string> _lines = new();
    private int _errors;

    /// <summary>How often something went wrong, though it may have been mended since.</summary>
    public int Errors => _errors;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Keep(logLevel, $"{logLevel}: {formatter(state, exception)}");

    /// <summary>Lines that say it.</summary>
    public int Count(string words) => _lines.Count(line => line.Contains(words, StringComparison.Ordinal));

    public string All => string.Join('\n', _lines.Where(l => !l.Contains("(change)")));

    public override string ToString() => string.Join('\n', _lines.TakeLast(5));

    private void Keep(LogLevel level, string line)
    {
        _lines.Enqueue(line);
        if (level >= LogLevel.Error)
        {
            Interlocked.Increment(ref _errors);
        }
    }
}
