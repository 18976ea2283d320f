namespace Trunkline.SctpService;

/// <summary>One line a call, with the time, to a file or to stderr.</summary>
internal sealed class LogFile(TextWriter writer, TimeProvider time)
{
    private readonly Lock _lock = new();

    internal static LogFile Open(string? path, TimeProvider time) => new(
        path is null ? Console.Error : new StreamWriter(path, append: true) { AutoFlush = true }, time);

    internal void Write(string line)
    {
        lock (_lock)
        {
            writer.WriteLine($"{time.GetUtcNow():yyyy-MM-ddTHH:mm:ss.fffZ} {line}");
        }
    }
}
