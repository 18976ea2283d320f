using System.Net.Sockets;
using Trunkline.Sctp.IntegrationTests.Support;
using Trunkline.Sctp.Service;
using Xunit;

namespace Trunkline.Sctp.IntegrationTests.Service;

/// <summary>The service as a process: killed, started again, loaded at the first socket; namespaces that go away under it.</summary>
public sealed class ServiceLifeTests
{
    [Fact]
    public async Task Kill_9_is_told_to_every_program_and_a_new_service_answers_old_packets_with_abort()
    {
        await using var hosts = await TwoHosts.CreateAsync();
        await using var capture = await Capture.StartAsync(hosts.B);
        var idle = await hosts.B.ListenAsync("-l 30103 --sctp");
        var listener = await hosts.B.ListenAsync("-l 30102 --sctp");
        var client = hosts.A.Nc($"{hosts.B.IPv4} 30102 --sctp");
        await client.WriteAsync("before\n");
        await listener.PrintsAsync("before\n");
        await hosts.B.StopServiceAsync("KILL");
        Assert.Equal(1, (await listener.EndAsync()).ExitCode);
        var told = await idle.EndAsync();
        Assert.Equal(2, told.ExitCode);
        Assert.Contains("the node's SCTP service has ended", told.Error, StringComparison.Ordinal);

        await hosts.B.StartServiceAsync();
        var again = await hosts.B.ListenAsync("-l 30102 --sctp");
        Assert.Equal(0, (await hosts.A.NcAsync($"{hosts.B.IPv4} 30102 --sctp", "new\n")).ExitCode);
        Assert.Equal("new\n", (await again.EndAsync()).Text);
        await client.WriteAsync("to one who forgot\n");
        var lost = await client.EndAsync();
        Assert.Equal((1, "Ncat: Connection reset by peer.\n"), (lost.ExitCode, lost.Error));
        Assert.Contains(await capture.StopAsync(), packet => packet.Has(Verdict.Abort) && packet.Source == hosts.B.IPv4);
    }

    [Fact]
    public async Task A_service_told_to_end_aborts_its_associations()
    {
        await using var hosts = await TwoHosts.CreateAsync();
        var listener = await hosts.B.ListenAsync("-l 30102 --sctp");
        var client = hosts.A.Nc($"{hosts.B.IPv4} 30102 --sctp");
        await client.WriteAsync("x");
        await listener.PrintsAsync("x");
        await hosts.B.StopServiceAsync("TERM");
        Assert.Equal((1, "Ncat: Connection reset by peer.\n"), ((await client.EndAsync()).ExitCode, client.Error));
        Assert.False(File.Exists(hosts.B.SocketPath));
        var gone = await hosts.B.NcAsync("-l 30102 --sctp");
        Assert.Equal((2, true), (gone.ExitCode, gone.Error.Contains("Protocol not supported", StringComparison.Ordinal)));
        Assert.Equal("Ncat: Protocol not available.\n", (await hosts.A.NcAsync($"{hosts.B.IPv4} 30102 --sctp")).Error);
    }

    [Fact]
    public async Task The_first_connection_loads_the_module_and_the_program_connects_again()
    {
        // As init does while the module's state is "autoload" (docs/architecture.md): the first connection is closed without a word.
        await using var hosts = await TwoHosts.CreateAsync(serviceB: false);
        Directory.CreateDirectory(hosts.B.SocketDirectory);
        using var init = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        init.Bind(new UnixDomainSocketEndPoint(hosts.B.SocketPath));
        init.Listen(5);
        var listener = hosts.B.Nc("-v -l 30102 --sctp");
        (await init.AcceptAsync(TestContext.Current.CancellationToken)).Dispose();
        init.Dispose();
        await Eventually.PauseAsync(300);
        await hosts.B.StartServiceAsync();
        await listener.SaysAsync("Listening on");
        Assert.Equal(0, (await hosts.A.NcAsync($"{hosts.B.IPv4} 30102 --sctp", "loaded\n")).ExitCode);
        Assert.Equal((0, "loaded\n"), ((await listener.EndAsync()).ExitCode, listener.Text));
    }

    [Fact]
    public async Task A_module_that_never_comes_is_waited_for_five_seconds()
    {
        await using var hosts = await TwoHosts.CreateAsync(serviceA: false, serviceB: false);
        Directory.CreateDirectory(hosts.B.SocketDirectory);
        using var init = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        init.Bind(new UnixDomainSocketEndPoint(hosts.B.SocketPath));
        init.Listen(5);
        async Task CloseAllAsync()
        {
            while (true)
            {
                (await init.AcceptAsync(TestContext.Current.CancellationToken)).Dispose();
            }
        }

        var closing = CloseAllAsync();
        var started = System.Diagnostics.Stopwatch.StartNew();
        var listener = await hosts.B.NcAsync("-l 30102 --sctp");
        Assert.InRange(started.Elapsed.TotalSeconds, 4.5, 8);
        Assert.Equal(2, listener.ExitCode);
        Assert.Contains("Protocol not supported", listener.Error, StringComparison.Ordinal);
        init.Dispose();
        await Assert.ThrowsAnyAsync<Exception>(() => closing);
    }

    [Fact]
    public async Task A_namespace_taken_out_of_the_registry_aborts_and_comes_back()
    {
        await using var hosts = await TwoHosts.CreateAsync();
        var listener = await hosts.B.ListenAsync("-l 30102 --sctp");
        var client = hosts.A.Nc($"{hosts.B.IPv4} 30102 --sctp");
        await client.WriteAsync("x");
        await listener.PrintsAsync("x");
        File.Delete(hosts.B.RegistryFile);
        Assert.Equal((1, "Ncat: Connection reset by peer.\n"), ((await client.EndAsync()).ExitCode, client.Error));
        Assert.Equal(1, (await listener.EndAsync()).ExitCode);
        Assert.False(hosts.B.Service.HasExited);
        var before = hosts.B.Log.Length;
        hosts.B.Register();
        await Eventually.TrueAsync(() => hosts.B.Log[before..].Contains("serving", StringComparison.Ordinal), () => hosts.B.Log);
        var again = await hosts.B.ListenAsync("-l 30102 --sctp");
        Assert.Equal(0, (await hosts.A.NcAsync($"{hosts.B.IPv4} 30102 --sctp", "back\n")).ExitCode);
        Assert.Equal("back\n", (await again.EndAsync()).Text);
    }

    [Fact]
    public async Task A_namespace_that_disappears_takes_nothing_else_along()
    {
        await using var hosts = await TwoHosts.CreateAsync();
        await Shell.DoAsync($"ip netns add {hosts.A.Name}x; ip -n {hosts.A.Name}x link set lo up");
        try
        {
            var directory = Directory.CreateTempSubdirectory("sctpit").FullName;
            var file = Path.Combine(hosts.A.Registry, "second.json");
            await File.WriteAllTextAsync(
                file, $$"""{"id":"second","netns":"/run/netns/{{hosts.A.Name}}x","directory":"{{directory}}","addresses":[]}""", TestContext.Current.CancellationToken);
            await Eventually.TrueAsync(() => hosts.A.Log.Contains("second: serving", StringComparison.Ordinal), () => hosts.A.Log);
            var listener = await hosts.B.ListenAsync("-l 30102 --sctp");
            var client = hosts.A.Nc($"{hosts.B.IPv4} 30102 --sctp");
            await client.WriteAsync("one\n");
            await listener.PrintsAsync("one\n");
            await Shell.DoAsync($"ip netns del {hosts.A.Name}x");
            await Eventually.TrueAsync(() => hosts.A.Log.Contains("second: closed", StringComparison.Ordinal), () => hosts.A.Log);
            await client.WriteAsync("two\n");
            await listener.PrintsAsync("one\ntwo\n");

            // A link that goes away under an association is silence, and no reason for the service to end.
            await hosts.A.DoAsync("ip link del eth0");
            await client.WriteAsync("into nothing\n");
            await Eventually.PauseAsync(300);
            Assert.False(hosts.A.Service.HasExited);
            Assert.Equal("Ncat: Network is unreachable.\n", (await hosts.A.NcAsync($"{hosts.B.IPv4} 30102 --sctp")).Error);
            Directory.Delete(directory, recursive: true);
        }
        finally
        {
            await Shell.TryAsync($"ip netns del {hosts.A.Name}x");
        }
    }

    [Fact]
    public async Task A_second_service_for_the_same_namespace_says_so_and_leaves_the_first_alone()
    {
        await using var hosts = await TwoHosts.CreateAsync();
        var directory = Directory.CreateTempSubdirectory("sctpit").FullName;
        await File.WriteAllTextAsync(
            Path.Combine(directory, "b.json"), $$"""{"id":"again","netns":"{{hosts.B.Netns}}","directory":"{{directory}}","addresses":[]}""", TestContext.Current.CancellationToken);
        await using var second = new Running(Build.Service, "--registry", directory);
        await second.SaysAsync("again: another SCTP endpoint over raw IP already answers for this network namespace");
        var listener = await hosts.B.ListenAsync("-l 30102 --sctp");
        Assert.Equal(0, (await hosts.A.NcAsync($"{hosts.B.IPv4} 30102 --sctp", "alone\n")).ExitCode);
        Assert.Equal((0, "alone\n"), ((await listener.EndAsync()).ExitCode, listener.Text));

        // With the first one gone it takes over by itself.
        await hosts.B.StopServiceAsync("KILL");
        await second.SaysAsync("again: serving");
        Assert.Equal("Ncat: Connection refused.\n", (await hosts.A.NcAsync($"{hosts.B.IPv4} 30102 --sctp")).Error);
        await second.SignalAsync("TERM");
        await second.EndAsync();
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Registry_files_that_make_no_sense_are_told_of_and_left_out()
    {
        await using var hosts = await TwoHosts.CreateAsync(serviceA: false);
        foreach (var (name, text) in new[] { ("a", "{"), ("b", "[]"), ("c", """{"id":1}"""), ("d", """{"id":"d","netns":"/nonexistent","directory":"/nonexistent/x"}"""), ("e", new string(' ', 70000)) })
        {
            await File.WriteAllTextAsync(Path.Combine(hosts.B.Registry, $"{name}.json"), text, TestContext.Current.CancellationToken);
        }

        await Eventually.TrueAsync(() => hosts.B.Log.Contains("d: open /nonexistent", StringComparison.Ordinal), () => hosts.B.Log);
        using var client = HandMadeClient.Open(hosts.B);
        Assert.Equal(0u, client.Counter(ServiceOption.Associations));
    }
}
