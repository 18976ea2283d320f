using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Trunkline.Lab.Linux;

namespace Trunkline.Lab.IntegrationTests.Support;

/// <summary>Asks a DNS server from inside a namespace, over UDP, and tells the answer as text: "NXDOMAIN", "truncated", or its records, sorted. A reader of its own (RFC 1035 section 4).</summary>
internal static class DnsQuestion
{
    private static readonly Dictionary<string, ushort> s_types = new() { ["A"] = 1, ["CNAME"] = 5, ["SOA"] = 6, ["PTR"] = 12, ["TXT"] = 16, ["AAAA"] = 28, ["SRV"] = 33 };

    /// <summary>The answer; "no answer" where none came in a moment.</summary>
    public static async Task<string> AskAsync(string networkNamespace, string server, string name, string type)
    {
        using var socket = NetworkNamespace.Run(networkNamespace, () =>
        {
            var made = new UdpClient(AddressFamily.InterNetwork);
            made.Connect(server, 53);
            return made;
        });
        await socket.SendAsync(Question(name, s_types[type]), TestContextToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContextToken);
        limit.CancelAfter(TimeSpan.FromSeconds(1));
        try
        {
            return Answer((await socket.ReceiveAsync(limit.Token)).Buffer);
        }
        catch (Exception none) when (none is OperationCanceledException or SocketException)
        {
            return "no answer";
        }
    }

    /// <summary>The same over TCP (RFC 7766): whole, however long.</summary>
    public static async Task<string> AskByTcpAsync(string networkNamespace, string server, string name, string type)
    {
        using var socket = NetworkNamespace.Run(networkNamespace, () => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        await socket.ConnectAsync(server, 53, TestContextToken);
        await using var stream = new NetworkStream(socket);
        var question = Question(name, s_types[type]);
        await stream.WriteAsync((byte[])[0, (byte)question.Length, .. question], TestContextToken);
        var length = new byte[2];
        await stream.ReadExactlyAsync(length, TestContextToken);
        var answer = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        await stream.ReadExactlyAsync(answer, TestContextToken);
        return Answer(answer);
    }

    private static CancellationToken TestContextToken => Xunit.TestContext.Current.CancellationToken;

    private static byte[] Question(string name, ushort type)
    {
        var labels = name.TrimEnd('.').Split('.').SelectMany(label => Encoding.ASCII.GetBytes(label).Prepend((byte)label.Length));
        return [0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, .. labels, 0, (byte)(type >> 8), (byte)type, 0, 1];
    }

    private static string Answer(byte[] message)
    {
        var code = message[3] & 15;
        if (code != 0)
        {
            return code == 3 ? "NXDOMAIN" : $"rcode {code}";
        }

        if ((message[2] & 2) != 0)
        {
            return "truncated";
        }

        var records = new List<string>();
        var at = 12;
        Name(message, ref at);
        at += 4;
        for (var left = BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(6)); left > 0; left--)
        {
            Name(message, ref at);
            var type = BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(at));
            var length = BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(at + 8));
            records.Add(Data(message, type, at + 10, length));
            at += 10 + length;
        }

        return string.Join(", ", records.Order(StringComparer.Ordinal));
    }

    private static string Data(byte[] message, ushort type, int at, int length)
    {
        switch (type)
        {
            case 1 or 28:
                return $"{new IPAddress(message.AsSpan(at, length))}";
            case 5 or 12:
                return Name(message, ref at);
            case 33:
                var port = BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(at + 4));
                at += 6;
                return $"{port} {Name(message, ref at)}";
            default:
                return Encoding.ASCII.GetString(message, at + 1, length - 1);
        }
    }

    private static string Name(byte[] message, ref int at)
    {
        var labels = new List<string>();
        var place = at;
        var jumped = false;
        while (message[place] != 0)
        {
            if (message[place] >= 0xC0)
            {
                at = jumped ? at : place + 2;
                (place, jumped) = (((message[place] & 0x3F) << 8) | message[place + 1], true);
                continue;
            }

            labels.Add(Encoding.ASCII.GetString(message, place + 1, message[place]));
            place += 1 + message[place];
        }

        at = jumped ? at : place + 1;
        return string.Join('.', labels);
    }
}
