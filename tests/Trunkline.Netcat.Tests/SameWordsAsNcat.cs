using System.Net;
using System.Net.Sockets;
using Trunkline.Netcat.CommandLine;
using Trunkline.Netcat.Connections;
using Trunkline.Netcat.Tests.Support;

namespace Trunkline.Netcat.Tests;

/// <summary>The same command line given to Debian's ncat and to ours: the same words on stderr, the same exit status.</summary>
public sealed class SameWordsAsNcat
{
    public static TheoryData<string> CommandLines =>
    [
        "", "127.0.0.1 abc", "127.0.0.1 70000", "127.0.0.1 1-3", "-l 99999", "--foo", "-k 127.0.0.1 33", "-w abc 127.0.0.1 33", "-w 0 127.0.0.1 33", "-w",
        "-l -p 4000 4001", "-z -l 4001", "-lz 39999", "a.invalid b c", "127.0.0.1 1 2", "-n localhost 33", "nonexistent.invalid 33", "-4 ::1 33", "-6 127.0.0.1 33",
        "-46 127.0.0.1 33", "-p 99999 127.0.0.1 33", "-e /bin/ls -c ls 127.0.0.1 33", "-l -s 10.9.9.9 4000", "-l 10.9.9.9 4000", "-s abc. 127.0.0.1 33",
        "-u -k -l 4444", "-lk 1 2 3", "--version", "127.0.0.1 -5", "--sctp 127.0.0.1 30102", "-v --sctp 127.0.0.1 30102", "-v -z 127.0.0.1 30102 --sctp",
        "-l 80.5", "--wait=0 127.0.0.1 33", "80", "4100 4101", "0 33", "-p abc 127.0.0.1 33", "-p -1 127.0.0.1 33", "-m 5 127.0.0.1 33", "-m 5 -k 127.0.0.1 33",
        "-m 3 -l -z 44", "-c true -z 127.0.0.1 33", "-c true -lz 44", "[::1] 33", "-s nohost.invalid 127.0.0.1 33", "-v -s 10.9.9.9 127.0.0.1 33", "-v -s ::1 127.0.0.1 33",
        "--send-only -c cat -e cat 127.0.0.1 33", "-q", "-p", "-s", "-e", "-c", "--source-port", "--listen=1 4200", "-l nohost.invalid 4200", "-l a b c", "-i 0 127.0.0.1 33",
        "-w 1x 127.0.0.1 33", "-w 9999999999 127.0.0.1 33", "127.0.0.1 99999999999", "-vn localhost 33", "-u --sctp 127.0.0.1 33", "--sctp -n localhost 33", "--sctp -l -z 33",
        "--sctp -l 99999", "--sctp -4 -l 30102", "--sctp -6 -l 30102", "--sctp -v -l 127.0.0.1 30102", "--sctp -l ::1 30102", "-z --sctp 127.0.0.1 30102", "-v --sctp localhost 30102",
        "--sctp -e /bin/cat 127.0.0.1 30102", "-l -u -k 4203",
    ];

    [Theory]
    [MemberData(nameof(CommandLines))]
    public async Task A_command_line_is_judged_alike(string line)
    {
        var arguments = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var theirs = await DebianNcat.RunAsync(null, arguments);
        var ours = await OurNetcat.RunAsync(arguments);
        Assert.Equal(theirs.Error.Replace("/usr/bin/ncat:", "ncat:", StringComparison.Ordinal), ours.Error);
        Assert.Equal(theirs.ExitCode, ours.ExitCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-v")]
    [InlineData("-z")]
    [InlineData("-v -z")]
    [InlineData("-v -u -z")]
    [InlineData("-u -z")]
    [InlineData("-v -u")]
    [InlineData("-u")]
    [InlineData("-v --recv-only")]
    [InlineData("-v --send-only")]
    [InlineData("-v -c true")]
    [InlineData("-v -w 1")]
    public async Task A_closed_port_is_told_alike(string options)
    {
        string[] arguments = [.. options.Split(' ', StringSplitOptions.RemoveEmptyEntries), "127.0.0.1", FreePort.Take()];
        var theirs = await DebianNcat.RunAsync("x"u8.ToArray(), arguments);
        var ours = await OurNetcat.RunAsync(new MemoryStream("x"u8.ToArray()), arguments);
        Assert.Equal(theirs.Error, ours.Error);
        Assert.Equal(theirs.ExitCode, ours.ExitCode);
    }

    [Fact]
    public async Task A_listener_without_sctp_names_what_is_missing()
    {
        var theirs = await DebianNcat.RunAsync(null, "-l", "30102", "--sctp");
        var ours = await OurNetcat.RunAsync("-l", "30102", "--sctp");
        Assert.Contains("Protocol not supported", ours.Error, StringComparison.Ordinal);
        Assert.EndsWith(theirs.Error, ours.Error, StringComparison.Ordinal);
        Assert.Equal(theirs.ExitCode, ours.ExitCode);
    }

    [Fact]
    public async Task Two_of_our_listeners_do_not_share_a_port()
    {
        var port = FreePort.Take();
        var first = OurNetcat.RunAsync("-l", port);
        await FreePort.WaitForListenerAsync(port);
        var second = await OurNetcat.RunAsync("-l", port);
        Assert.Equal($"Ncat: bind to :::{port}: Address already in use. QUITTING.\n", second.Error);
        Assert.Equal(2, second.ExitCode);
        await DebianNcat.RunAsync(null, "127.0.0.1", port);
        Assert.Equal(0, (await first).ExitCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-u")]
    public async Task A_listener_on_one_family_leaves_the_other_free(string options)
    {
        var port = FreePort.Take();
        var ipv4 = OurNetcat.RunAsync([.. options.Split(' ', StringSplitOptions.RemoveEmptyEntries), "-4", "-l", port]);
        await FreePort.WaitForListenerAsync(port);
        var ipv6 = OurNetcat.RunAsync([.. options.Split(' ', StringSplitOptions.RemoveEmptyEntries), "-6", "-l", "-i", "300ms", port]);
        Assert.Equal(0, (await OurNetcat.RunAsync(new MemoryStream("six"u8.ToArray()), [.. options.Split(' ', StringSplitOptions.RemoveEmptyEntries), "::1", port])).ExitCode);
        Assert.Equal("six", (await ipv6).Text);
        await OurNetcat.RunAsync(new MemoryStream("four"u8.ToArray()), [.. options.Split(' ', StringSplitOptions.RemoveEmptyEntries), "127.0.0.1", port]);
        if (options.Length == 0)
        {
            Assert.Equal("four", (await ipv4).Text);
        }
    }

    [Fact]
    public void A_family_that_is_not_there_is_left_out_only_where_there_is_another()
    {
        var absent = new IPEndPoint(IPAddress.Parse("2001:db8::77"), 0);
        Assert.False(ListeningSocket.TryOpen(absent, NetcatProtocol.Tcp, 1, mayBeMissing: true, out _, out var why));
        Assert.Equal("Cannot assign requested address", why);
        Assert.Throws<SocketException>(() => ListeningSocket.TryOpen(absent, NetcatProtocol.Tcp, 1, mayBeMissing: false, out _, out _));
    }

    [Fact]
    public async Task A_port_in_use_is_told_alike()
    {
        var port = FreePort.Take();
        using var holder = DebianNcat.Start("-l", port);
        await FreePort.WaitForListenerAsync(port);
        var theirs = await DebianNcat.RunAsync(null, "-l", port);
        var ours = await OurNetcat.RunAsync("-l", port);
        holder.Kill();
        Assert.Equal(theirs.Error, ours.Error);
        Assert.Equal(theirs.ExitCode, ours.ExitCode);
    }
}
