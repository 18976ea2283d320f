using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Trunkline.Controllers.Tests.Support;

/// <summary>Keeps what was said, for the message of a test that fails.</summary>
internal sealed class TestLog<T> : ILogger<T>
{
    private readonly ConcurrentQueue<string> _lines = new();

    /// <summary>Set when something was logged as an error: a reconciliation that broke on a defect.</summary>
    public string? Broke { get; private set; }

    public IEnumerable<string> Last(int count) => _lines.TakeLast(count);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        _lines.Enqueue($"{logLevel}: {formatter(state, exception)} {exception}");
        if (logLevel >= LogLevel.Error)
        {
            Broke = $"{formatter(state, exception)}: {exception}";
        }
    }
}
