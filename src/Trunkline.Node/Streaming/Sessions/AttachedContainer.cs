using System.Globalization;
using System.Net.Sockets;

namespace Trunkline.Node.Streaming.Sessions;

/// <summary>
/// A running container's own streams, at its monitor's socket: packets whose first byte says which output it was; what is sent is its input.
/// </summary>
internal sealed class AttachedContainer : IStreamedProcess
{
    private const byte ErrorOutput = 3;

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
    private readonly string _controlFile;

    public AttachedContainer(string socketPath, string controlFile)
    {
        _controlFile = controlFile;
        _socket.Connect(new UnixDomainSocketEndPoint(socketPath));
    }

    public void Dispose() => _socket.Dispose();

    public async Task PumpAsync(Func<bool, ReadOnlyMemory<byte>, Task> output, CancellationToken cancellationToken)
    {
        var buffer = new byte[16 * 1024];
        while (await ReceiveAsync(buffer, cancellationToken) is var read and > 0)
        {
            await output(buffer[0] == ErrorOutput, buffer.AsMemory(1, read - 1));
        }
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        const int LargestPacket = 8192; // the monitor's buffer
        for (var rest = input; rest.Length > 0; rest = rest[Math.Min(LargestPacket, rest.Length)..])
        {
            await _socket.SendAsync(rest[..Math.Min(LargestPacket, rest.Length)], cancellationToken);
        }
    }

    public void CloseInput() => _socket.Shutdown(SocketShutdown.Send);

    public void Resize(ushort columns, ushort rows) =>
        File.AppendAllText(_controlFile, string.Create(CultureInfo.InvariantCulture, $"1 {rows} {columns}\n"));

    public Task<int?> ExitedAsync() => Task.FromResult<int?>(null);

    public Task AbandonAsync()
    {
        _socket.Dispose(); // the container goes on without its onlooker
        return Task.CompletedTask;
    }

    private async Task<int> ReceiveAsync(byte[] buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await _socket.ReceiveAsync(buffer, cancellationToken);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            return 0; // the monitor ended with its container
        }
    }
}
