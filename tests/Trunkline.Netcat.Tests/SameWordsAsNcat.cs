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
        "-l 80.5", "--wait=0 127.0.0.1 33",
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
    public async Task A_closed_port_is_told_alike(string options)
    {
        string[] arguments = [.. options.Split(' ', StringSplitOptions.RemoveEmptyEntries), "127.0.0.1", FreePort.Take()];
        var theirs = await DebianNcat.RunAsync(null, arguments);
        var ours = await OurNetcat.RunAsync(arguments);
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
