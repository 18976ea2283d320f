using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Trunkline.Netcat.Tests.Support;

/// <summary>A port nobody listens at (just now).</summary>
public static class FreePort
{
    public static string Take()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Waits until somebody listens at a TCP port, without connecting to it.</summary>
    public static async Task WaitForListenerAsync(string port)
    {
        var hex = ":" + int.Parse(port, CultureInfo.InvariantCulture).ToString("X4", CultureInfo.InvariantCulture) + " ";
        for (var tries = 0; tries < 200; tries++)
        {
            var listening = File.ReadLines("/proc/net/tcp").Concat(File.ReadLines("/proc/net/tcp6"))
                .Concat(File.ReadLines("/proc/net/udp")).Any(line => line.Contains(hex, StringComparison.Ordinal) && (line.Contains(" 0A ", StringComparison.Ordinal) || line.Contains(" 07 ", StringComparison.Ordinal)));
            if (listening)
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(25), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        Assert.Fail($"nobody listens at {port}");
    }
}
