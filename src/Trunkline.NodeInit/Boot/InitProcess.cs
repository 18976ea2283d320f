using System.Collections.Concurrent;
using Trunkline.NodeInit.Configuration;
using Trunkline.NodeInit.Machine;
using Trunkline.NodeInit.Modules;
using Trunkline.NodeInit.Native;
using Trunkline.NodeInit.Root;

namespace Trunkline.NodeInit.Boot;

/// <summary>
/// The node's first process. One thread owns everything that changes; the others (reaper, socket, autoload listeners) only post events to it.
/// </summary>
internal sealed class InitProcess : IDisposable
{
    public const string SearchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    public const string RunDirectory = "/run/trunkline";

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    private readonly BlockingCollection<InitEvent> _events = [];
    private readonly TimeProvider _time;
    private readonly ChildReaper _reaper;
    private readonly Supervisor _agent;
    private readonly SctpModule _module;

    private InitProcess(NodeSettings settings, FileStream agentLog, FileStream sctpLog, TimeProvider time)
    {
        _time = time;
        var environment = new Dictionary<string, string>(settings.Environment) { ["PATH"] = SearchPath };
        environment.TryAdd("HOME", "/root");

        // .NET's diagnostic socket lets whoever opens it load code: no program of a node has one.
        environment["DOTNET_EnableDiagnostics"] = "0";
        _reaper = new ChildReaper(_events);
        _agent = new Supervisor("node agent", settings.AgentCommand, environment, agentLog, $"{RunDirectory}/agent.pid", _reaper, time);
        var service = new Supervisor("SCTP service", settings.SctpServiceCommand, environment, sctpLog, $"{RunDirectory}/sctp/service.pid", _reaper, time);
        _module = new SctpModule(service, ModuleConfiguration.Read(), () => _events.Add(new LoadRequested()), time);
    }

    public static int Run(NodeSettings settings, TimeProvider time)
    {
        if (Environment.ProcessId != 1)
        {
            Console.Error.WriteLine("trunkline-node init must be the first process of a PID namespace; `trunkline-node machine` starts it.");
            return 64;
        }

        // Logs are the lab's files: opened before its directories leave our sight.
        using var agentLog = OpenLog(settings, "agent");
        using var sctpLog = OpenLog(settings, "sctp");
        new NodeRoot(settings).Enter();
        Libc.SetHostName(settings.Node);
        RunLayout.Make();
        using var init = new InitProcess(settings, agentLog, sctpLog, time);
        return init.Loop();
    }

    public void Dispose()
    {
        _module.Dispose();
    }

    private int Loop()
    {
        _reaper.Start();
        NetworkReset.Run(_reaper);
        using var socket = new InitSocket(_events);
        socket.Start();
        _module.Boot();
        _agent.Start();
        Log($"{Environment.MachineName} is up, boot {File.ReadAllText(RunLayout.BootIdFile).Trim()}, sctp {_module.Describe()}");
        while (true)
        {
            var wait = Supervisor.UntilNext(_agent.NextStart, _module.NextStart, _time);
            if (!_events.TryTake(out var next, wait))
            {
                _agent.StartIfDue();
                _module.StartIfDue();
                continue;
            }

            if (Handle(next) is { } exitCode)
            {
                KillEverything();
                return exitCode;
            }
        }
    }

    private int? Handle(InitEvent next)
    {
        switch (next)
        {
            case ChildExited exited:
                _agent.OnExited(exited);
                _module.OnExited(exited);
                return null;
            case LoadRequested:
                _module.AutoLoad();
                return null;
            case CommandReceived command:
                return Execute(command);
            default:
                throw new InvalidOperationException($"unknown event {next}");
        }
    }

    private int? Execute(CommandReceived command)
    {
        Log($"command {command.Text}");
        switch (command.Text)
        {
            case "reboot":
                command.Reply("ok");
                return ExitCodes.Reboot;
            case "poweroff":
                command.Reply("ok");
                return ExitCodes.PowerOff;
            case "load":
                command.Reply(_module.Load());
                return null;
            case "unload":
                command.Reply(_module.Unload());
                return null;
            default:
                command.Reply("error: known commands are reboot, poweroff, load, unload");
                return null;
        }
    }

    // As a machine going down: everybody is asked, then told. -1 reaches all of this PID namespace and of the containers' inside it.
    private void KillEverything()
    {
        if (Libc.Kill(-1, Libc.SigTerm) == 0)
        {
            _reaper.WaitUntilNone(Grace, _time);
        }

        if (Libc.Kill(-1, Libc.SigKill) == 0)
        {
            _reaper.WaitUntilNone(Grace, _time);
        }
    }

    private static FileStream OpenLog(NodeSettings settings, string program) => Libc.OpenToAppend(Path.Join(settings.RunDirectory, $"{settings.Node}-{program}.log"));

    private void Log(string message) => Console.WriteLine($"{_time.GetUtcNow():HH:mm:ss.fff} init: {message}");
}
