using Xunit;

namespace Trunkline.Sctp.IntegrationTests.Support;

/// <summary>A host of the test: a network namespace with eth0, and (where started) an SCTP service process of its own.</summary>
internal sealed class Host(string name, string directory, string ipv4, string ipv6) : IAsyncDisposable
{
    private readonly List<Running> _programs = [];
    private Running? _service;

    public string Name => name;

    public string Netns => $"/run/netns/{name}";

    public string IPv4 => ipv4;

    public string IPv6 => ipv6;

    /// <summary>The service's socket and nothing else, as a Pod has it.</summary>
    public string SocketDirectory { get; init; } = Path.Combine(directory, "pod");

    public string SocketPath => Path.Combine(SocketDirectory, "sctp.sock");

    public string Registry => Path.Combine(directory, "namespaces");

    public string RegistryFile => Path.Combine(Registry, $"{name}.json");

    public string Log => File.Exists(LogPath) ? File.ReadAllText(LogPath) : "";

    public Running Service => _service ?? throw new InvalidOperationException("no service runs");

    private string LogPath => Path.Combine(directory, "log");

    public string Address(bool ipv6) => ipv6 ? IPv6 : IPv4;

    /// <summary>Starts the service and waits until it answers for this host.</summary>
    public async Task StartServiceAsync()
    {
        Directory.CreateDirectory(Registry);
        Directory.CreateDirectory(SocketDirectory);
        Register();
        var before = Log.Length;
        _service = new Running(Build.Service, "--registry", Registry, "--log", LogPath);
        await Eventually.TrueAsync(() => Log[before..].Contains("serving", StringComparison.Ordinal), () => $"serving; log: {Log}; {_service}");
    }

    public void Register()
    {
        var temporary = Path.Combine(directory, "entry");
        File.WriteAllText(temporary, $$"""{"id":"{{name}}","netns":"{{Netns}}","directory":"{{SocketDirectory}}","addresses":["{{ipv4}}"]}""");
        File.Move(temporary, RegistryFile, overwrite: true);
    }

    public async Task StopServiceAsync(string signal)
    {
        await Service.SignalAsync(signal);
        await Service.EndAsync();
        await Service.DisposeAsync();
        _service = null;
    }

    /// <summary>Starts nc here; its input stays open until the test ends it.</summary>
    public Running Nc(string arguments) => Start(["/usr/bin/env", $"TRUNKLINE_SCTP_SOCKET={SocketPath}", Build.Nc, .. arguments.Split(' ')]);

    /// <summary>Runs nc with this input to its end.</summary>
    public Task<Outcome> NcAsync(string arguments, string input = "") => NcAsync(arguments, System.Text.Encoding.UTF8.GetBytes(input));

    public async Task<Outcome> NcAsync(string arguments, byte[] input)
    {
        var nc = Nc(arguments);
        var writing = nc.WriteAsync(input);
        try
        {
            await writing;
            nc.EndInput();
        }
        catch (IOException)
        {
            // It ended before it read all of its input; its own words say why.
            return await nc.EndAsync();
        }

        return await nc.EndAsync();
    }

    /// <summary>Starts a listening nc and waits until it listens.</summary>
    public async Task<Running> ListenAsync(string arguments)
    {
        var nc = Nc("-v " + arguments);
        await nc.SaysAsync("Listening on");
        return nc;
    }

    /// <summary>Starts any program in this namespace.</summary>
    public Running Start(params string[] command)
    {
        var running = new Running(["ip", "netns", "exec", name, .. command]);
        _programs.Add(running);
        return running;
    }

    public Task<string> DoAsync(string script) => Shell.DoAsync($"ip netns exec {name} sh -ec '{script}'");

    public async ValueTask DisposeAsync()
    {
        foreach (var program in _programs)
        {
            await program.DisposeAsync();
        }

        if (_service is not null)
        {
            if (TestContext.Current.TestState?.Result == TestResult.Failed)
            {
                TestContext.Current.SendDiagnosticMessage("{0}", $"{name}: {Log} {_service.Error}");
            }

            await _service.DisposeAsync();
        }
    }
}
