using System.Security.Cryptography;
using Trunkline.Sctp.IntegrationTests.Support;
using Xunit;

namespace Trunkline.Sctp.IntegrationTests.Packets;

/// <summary>A real Linux kernel's SCTP: as the peer of ours, and as the backend of nc where there is no service.</summary>
public sealed class LinuxKernelTests
{
    [Fact]
    public async Task The_kernels_sctp_talks_with_ours_both_ways()
    {
        await using var hosts = await TwoHosts.CreateAsync(serviceB: false);
        var there = RandomNumberGenerator.GetBytes(2_000_000);
        await using var guest = await LinuxGuest.BootAsync(hosts.A, """
            ncat --sctp -l 30110 <&9 > /tmp/got & listening 30110; echo READY; wait $!
            echo "GOT $(sha256sum < /tmp/got | cut -d' ' -f1)"
            sleep 0.3; (echo from-the-kernel; sleep 1) | ncat --sctp 10.78.0.2 30111; echo "CLIENT $?"
            ncat --sctp 10.78.0.2 30112 </dev/null; echo "CLOSED $?"; sleep 30
            """);
        await guest.PrintsAsync("READY");
        await using var capture = await Capture.StartAsync(hosts.A, "sctp port 30110", device: "ut0");
        var listener = await hosts.A.ListenAsync("-l 30111 --sctp");
        var client = await hosts.A.NcAsync("-v 10.78.0.1 30110 --sctp", there);
        Assert.Equal((0, true), (client.ExitCode, client.Error.Contains("2000000 bytes sent", StringComparison.Ordinal)));
        await guest.PrintsAsync($"GOT {Convert.ToHexStringLower(SHA256.HashData(there))}");
        Assert.Equal((0, "from-the-kernel\n"), ((await listener.EndAsync()).ExitCode, listener.Text));
        await guest.PrintsAsync("CLIENT 0");
        await guest.PrintsAsync("CLOSED 1");
        var refused = await hosts.A.NcAsync("-v -w 3 10.78.0.1 30119 --sctp");
        Assert.Contains("Connection refused", refused.Error, StringComparison.Ordinal);
        var packets = await capture.StopAsync();
        Verdict.IsSound(packets, "10.78.0.2");
        Verdict.Goes(packets, Verdict.Init, Verdict.InitAck, Verdict.CookieEcho, Verdict.CookieAck, Verdict.Data, Verdict.Sack, Verdict.Shutdown, Verdict.ShutdownAck);
    }

    [Fact]
    public async Task Nc_uses_the_kernel_where_there_is_no_service()
    {
        await using var hosts = await TwoHosts.CreateAsync(serviceA: false, serviceB: false);
        await using var guest = await LinuxGuest.BootAsync(hosts.A, """
            head -c 1000000 /dev/urandom > /tmp/sent
            $NC -vv -l 30110 --sctp <&9 > /tmp/got 2>/tmp/said & listening 30110
            $NC -vv 127.0.0.1 30110 --sctp < /tmp/sent 2>&1; echo "CLIENT $?"; wait $!; echo "LISTENER $?"
            cmp /tmp/sent /tmp/got && echo SAME; cat /tmp/said
            ncat --sctp -l 30111 <&9 > /tmp/got & listening 30111
            echo one | $NC 127.0.0.1 30111 --sctp; echo "TO-NCAT $?"; wait $!; cat /tmp/got
            $NC -l 30112 --sctp <&9 & listening 30112
            echo two | ncat --sctp 127.0.0.1 30112; wait $!
            $NC 127.0.0.1 30113 --sctp </dev/null 2>&1; echo "REFUSED $?"
            $NC -k -l 30114 --sctp </dev/null & listening 30114
            $NC -v -z ::1 30114 --sctp 2>&1; echo "PROBE $?"
            $NC -l 30114 --sctp </dev/null 2>&1; echo "TAKEN $?"
            """);
        await guest.PrintsAsync("TAKEN 2");
        foreach (var line in new[]
        {
            "NCAT DEBUG: SCTP by the kernel", "CLIENT 0", "LISTENER 0", "SAME", "1000000 bytes sent", "Connection from 127.0.0.1.", "TO-NCAT 0", "one", "two",
            "Ncat: Connection refused.", "REFUSED 1", "Connected to ::1:30114.", "PROBE 0", "Ncat: bind to :::30114: Address already in use. QUITTING.",
        })
        {
            Assert.Contains(line, guest.Console, StringComparison.Ordinal);
        }
    }
}
