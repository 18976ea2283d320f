namespace Trunkline.Node.Streaming.Sessions;

/// <summary>A process whose standard streams go over a connection: a new one (exec), or a container's first (attach).</summary>
internal interface IStreamedProcess : IDisposable
{
    /// <summary>Carries its output until there is no more of it.</summary>
    Task PumpAsync(Func<bool, ReadOnlyMemory<byte>, Task> output, CancellationToken cancellationToken);

    ValueTask WriteAsync(ReadOnlyMemory<byte> input, CancellationToken cancellationToken);

    /// <summary>The process reads end-of-file.</summary>
    void CloseInput();

    void Resize(ushort columns, ushort rows);

    /// <summary>The exit code; null where this is not the connection's business (attach).</summary>
    Task<int?> ExitedAsync();

    /// <summary>The other side is gone.</summary>
    Task AbandonAsync();
}
