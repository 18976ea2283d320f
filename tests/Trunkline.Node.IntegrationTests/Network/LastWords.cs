using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Trunkline.Node.IntegrationTests.Network;

/// <summary>Keeps what the data plane logs, for the words of a failing test.</summary>
internal sealed class LastWords : ILogger
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue($"{logLevel}: {formatter(state, exception)}");

    public override string ToString() => string.Join('\n', _lines.TakeLast(5));
}
