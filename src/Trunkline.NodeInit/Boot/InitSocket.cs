using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;

namespace Trunkline.NodeInit.Boot;

/// <summary>The socket at which the node agent asks for a reboot. One line in, one line out.</summary>
internal sealed class InitSocket(BlockingCollection<InitEvent> events) : IDisposable
{
    public const string Path = "/run/trunkline/init.sock";

    private const int LongestCommand = 64;

    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    public void Start()
    {
        File.Delete(Path);
        _listener.Bind(new UnixDomainSocketEndPoint(Path));
        File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        _listener.Listen(16);
        new Thread(Accept) { IsBackground = true, Name = "init.sock" }.Start();
    }

    public void Dispose() => _listener.Dispose();

    private void Accept()
    {
        while (true)
        {
            try
            {
                var client = _listener.Accept();
                client.ReceiveTimeout = 2000;
                ThreadPool.QueueUserWorkItem(_ => Serve(client));
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException error)
            {
                Console.WriteLine($"init: {Path}: {error.Message}");
                return;
            }
        }
    }

    private void Serve(Socket client)
    {
        try
        {
            if (ReadLine(client) is { } line)
            {
                events.Add(new CommandReceived(line, answer => Answer(client, answer)));
                return;
            }

            Answer(client, "error: one line, please");
        }
        catch (SocketException error)
        {
            Console.WriteLine($"init: a caller of {Path} went away: {error.Message}");
            client.Dispose();
        }
    }

    private static string? ReadLine(Socket client)
    {
        Span<byte> buffer = stackalloc byte[LongestCommand];
        var length = 0;
        while (length < buffer.Length)
        {
            var read = client.Receive(buffer[length..]);
            length += read;
            var end = buffer[..length].IndexOf((byte)'\n');
            if (end >= 0 || (read == 0 && length > 0))
            {
                return Encoding.UTF8.GetString(buffer[..(end < 0 ? length : end)]).Trim();
            }

            if (read == 0)
            {
                return null;
            }
        }

        return null;
    }

    private static void Answer(Socket client, string answer)
    {
        try
        {
            client.Send(Encoding.UTF8.GetBytes(answer + "\n"));
        }
        catch (SocketException error)
        {
            Console.WriteLine($"init: nobody waits for the answer \"{answer}\": {error.Message}");
        }
        finally
        {
            client.Dispose();
        }
    }
}
