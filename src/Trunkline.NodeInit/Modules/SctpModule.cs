using Trunkline.NodeInit.Boot;

namespace Trunkline.NodeInit.Modules;

/// <summary>The node's SCTP "module": off, waiting for a first socket, or loaded with its service running. Called from init's one thread only.</summary>
internal sealed class SctpModule(Supervisor service, ModuleSwitch configuration, Action requestLoad, TimeProvider time) : IDisposable
{
    private const string StateFile = "/run/trunkline/sctp/module";

    private ModuleState _state;
    private AutoloadListeners? _listeners;

    public DateTimeOffset? NextStart => service.NextStart;

    public void Boot()
    {
        Enter(configuration.AtBoot);
    }

    /// <summary>A first socket asked for it. A second request on its way is too late, and fine.</summary>
    public void AutoLoad()
    {
        if (_state == ModuleState.Autoload)
        {
            Enter(ModuleState.Loaded);
        }
    }

    /// <summary>As <c>modprobe sctp</c>, with today's configuration.</summary>
    public string Load()
    {
        if (!ModuleConfiguration.Read().LoadsByName)
        {
            return "error: an install line in /etc/modprobe.d replaces loading sctp by another command";
        }

        Enter(ModuleState.Loaded);
        return "ok";
    }

    /// <summary>As <c>modprobe -r sctp</c>; whether a socket brings it back is read anew.</summary>
    public string Unload()
    {
        var configured = ModuleConfiguration.Read();
        Enter(configured.AtBoot == ModuleState.Autoload ? ModuleState.Autoload : ModuleState.Off);
        return "ok";
    }

    public void StartIfDue() => service.StartIfDue();

    public void OnExited(ChildExited exited) => service.OnExited(exited);

    public string Describe() => _state switch
    {
        ModuleState.Loaded => "loaded",
        ModuleState.Autoload => "autoload",
        _ => "off",
    };

    public void Dispose() => _listeners?.Dispose();

    private void Enter(ModuleState state)
    {
        _state = state;
        _listeners?.Dispose();
        _listeners = null;
        switch (state)
        {
            case ModuleState.Loaded:
                service.Start();
                break;
            case ModuleState.Autoload:
                service.Stop();
                _listeners = new AutoloadListeners("/run/trunkline/sctp/namespaces", requestLoad, time);
                break;
            default:
                service.Stop();
                break;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(StateFile)!);
        File.WriteAllText(StateFile + ".new", Describe() + "\n");
        File.Move(StateFile + ".new", StateFile, overwrite: true);
    }
}
