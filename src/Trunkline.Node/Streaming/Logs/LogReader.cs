namespace Trunkline.Node.Streaming.Logs;

/// <summary>Reads a container's log file, and goes on while the container writes.</summary>
internal sealed class LogReader(string path, LogOptions options, TimeProvider time)
{
    private const int LongestLine = 1024 * 1024;
    private const int BlockSize = 64 * 1024;
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(50);

    private long _left = options.LimitBytes ?? long.MaxValue;

    /// <summary>Writes to <paramref name="output"/>; with follow until <paramref name="running"/> says no and all is read.</summary>
    public async Task CopyAsync(Stream output, Func<bool> running, CancellationToken cancellationToken)
    {
        var file = Open();
        try
        {
            file.Position = options.TailLines is { } lines ? TailStart(file, lines) : 0;
            var buffer = new byte[BlockSize];
            var held = 0;
            while (_left > 0)
            {
                // Asked before reading: what was written until then is in the file.
                var more = options.Follow && running();
                var read = await file.ReadAsync(buffer.AsMemory(held), cancellationToken);
                if (read > 0)
                {
                    held = await TakeLinesAsync(buffer, held + read, output, cancellationToken);
                    buffer = Grow(buffer, ref held);
                    continue;
                }

                await output.FlushAsync(cancellationToken);
                if (!more)
                {
                    break;
                }

                await Task.Delay(LookAgain, time, cancellationToken);
                if (IsReplaced(file))
                {
                    await file.DisposeAsync();
                    file = Open();
                    held = 0;
                }
            }

            await output.FlushAsync(cancellationToken);
        }
        finally
        {
            await file.DisposeAsync();
        }
    }

    private FileStream Open() => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);

    // The monitor starts the file anew when it is full: the name then leads to a shorter one.
    private bool IsReplaced(FileStream file) => new FileInfo(path) is { Exists: true } now && now.Length < file.Position;

    private async Task<int> TakeLinesAsync(byte[] buffer, int length, Stream output, CancellationToken cancellationToken)
    {
        var start = 0;
        var pending = new MemoryStream();
        while (_left > 0 && buffer.AsSpan(start, length - start).IndexOf((byte)'\n') is var end and >= 0)
        {
            Take(buffer.AsSpan(start, end), pending);
            start += end + 1;
        }

        await output.WriteAsync(pending.GetBuffer().AsMemory(0, (int)pending.Length), cancellationToken);
        buffer.AsSpan(start, length - start).CopyTo(buffer);
        return length - start;
    }

    private void Take(ReadOnlySpan<byte> text, MemoryStream pending)
    {
        if (!CriLogLine.TryParse(text, out var line) || (options.Since is { } since && line.Time < since))
        {
            return;
        }

        if (options.Timestamps)
        {
            Emit(line.TimeText, pending);
            Emit(" "u8, pending);
        }

        Emit(line.Content, pending);
        if (!line.IsPartial)
        {
            Emit("\n"u8, pending);
        }
    }

    private void Emit(ReadOnlySpan<byte> bytes, MemoryStream pending)
    {
        var length = (int)Math.Min(bytes.Length, _left);
        pending.Write(bytes[..length]);
        _left -= length;
    }

    // A line longer than any the monitor writes is not its: it is dropped rather than held.
    private static byte[] Grow(byte[] buffer, ref int held)
    {
        if (held < buffer.Length)
        {
            return buffer;
        }

        if (buffer.Length >= LongestLine)
        {
            held = 0;
            return buffer;
        }

        Array.Resize(ref buffer, buffer.Length * 2);
        return buffer;
    }

    /// <summary>Where the last <paramref name="lines"/> lines begin.</summary>
    private static long TailStart(FileStream file, long lines)
    {
        var buffer = new byte[BlockSize];
        var position = file.Length;
        var seen = 0L;
        while (position > 0)
        {
            var size = (int)Math.Min(buffer.Length, position);
            position -= size;
            file.Position = position;
            file.ReadExactly(buffer, 0, size);
            for (var index = size - 1; index >= 0; index--)
            {
                if (buffer[index] == '\n' && seen++ == lines)
                {
                    return position + index + 1;
                }
            }
        }

        return 0;
    }
}
