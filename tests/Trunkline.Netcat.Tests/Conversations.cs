using System.Text.RegularExpressions;
using Trunkline.Netcat.Tests.Support;

namespace Trunkline.Netcat.Tests;

/// <summary>Our nc and Debian's ncat talking to each other on loopback, each in both roles.</summary>
public sealed partial class Conversations
{
    [Fact]
    public async Task Our_client_sends_to_ncat_byte_for_byte_and_prints_ncats_lines()
    {
        var port = FreePort.Take();
        var bytes = RandomBytes(300_000);
        using var listener = DebianNcat.Start("-l", "127.0.0.1", port);
        await FreePort.WaitForListenerAsync(port);
        listener.StandardInput.Close();
        var ours = await OurNetcat.RunAsync(new MemoryStream(bytes), "-v", "127.0.0.1", port);
        var received = await DebianNcat.FinishAsync(listener);
        Assert.Equal(0, ours.ExitCode);
        Assert.Equal(bytes, received.Output);
        Assert.Equal(
            $"Ncat: Version 7.93 ( https://nmap.org/ncat )\nNcat: Connected to 127.0.0.1:{port}.\nNcat: 300000 bytes sent, 0 bytes received in T seconds.\n",
            Seconds().Replace(ours.Error, "in T seconds"));
    }

    [Fact]
    public async Task Our_listener_receives_from_ncat_byte_for_byte_and_prints_ncats_lines()
    {
        var port = FreePort.Take();
        var bytes = RandomBytes(300_000);
        var listening = OurNetcat.RunAsync("-v", "-l", port);
        await FreePort.WaitForListenerAsync(port);
        var theirs = await DebianNcat.RunAsync(bytes, "127.0.0.1", port);
        var ours = await listening;
        Assert.Equal(0, theirs.ExitCode);
        Assert.Equal(0, ours.ExitCode);
        Assert.Equal(bytes, ours.Output);
        Assert.Equal(
            $"Ncat: Version 7.93 ( https://nmap.org/ncat )\nNcat: Listening on :::{port}\nNcat: Listening on 0.0.0.0:{port}\n"
            + "Ncat: Connection from 127.0.0.1.\nNcat: Connection from 127.0.0.1:P.\n",
            ClientPort().Replace(ours.Error, "127.0.0.1:P."));
    }

    [Fact]
    public async Task A_client_ends_its_input_and_still_prints_the_answer()
    {
        var port = FreePort.Take();
        var listening = OurNetcat.RunAsync("-l", port, "-c", "cat; echo bye");
        await FreePort.WaitForListenerAsync(port);
        var client = await OurNetcat.RunAsync(new MemoryStream("hello\n"u8.ToArray()), "127.0.0.1", port);
        await listening;
        Assert.Equal("hello\nbye\n", client.Text);
    }

    [Fact]
    public async Task Udp_carries_a_datagram_and_a_probe_is_told_in_ncats_words()
    {
        var port = FreePort.Take();
        using var listener = DebianNcat.Start("-u", "-l", "127.0.0.1", port);
        await FreePort.WaitForListenerAsync(port);
        var probe = await OurNetcat.RunAsync("-v", "-u", "-z", "127.0.0.1", port);
        listener.Kill();
        Assert.Equal(0, probe.ExitCode);
        Assert.Equal(
            $"Ncat: Version 7.93 ( https://nmap.org/ncat )\nNcat: Connected to 127.0.0.1:{port}.\nNcat: UDP packet sent successfully\nNcat: 1 bytes sent, 0 bytes received in T seconds.\n",
            Seconds().Replace(probe.Error, "in T seconds"));
    }

    [Fact]
    public async Task An_idle_connection_ends_as_asked()
    {
        var port = FreePort.Take();
        using var listener = DebianNcat.Start("-l", "127.0.0.1", port);
        await FreePort.WaitForListenerAsync(port);
        using var never = new System.IO.Pipes.AnonymousPipeServerStream(System.IO.Pipes.PipeDirection.In);
        var ours = await OurNetcat.RunAsync(never, "-i", "200ms", "127.0.0.1", port);
        listener.Kill();
        Assert.Equal("Ncat: Idle timeout expired (200 ms).\n", ours.Error);
        Assert.Equal(1, ours.ExitCode);
    }

    private static byte[] RandomBytes(int count)
    {
        var seed = Environment.TickCount;
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    [GeneratedRegex(@"in \d+\.\d\d seconds")]
    private static partial Regex Seconds();

    [GeneratedRegex(@"127\.0\.0\.1:\d+\.")]
    private static partial Regex ClientPort();
}
