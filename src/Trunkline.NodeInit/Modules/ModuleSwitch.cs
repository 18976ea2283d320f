namespace Trunkline.NodeInit.Modules;

/// <summary>
/// Decides as kmod and systemd-modules-load would what becomes of the module <c>sctp</c>. Pure: texts in, verdict out.
/// </summary>
internal sealed class ModuleSwitch
{
    private const string Module = "sctp";

    // The kernel asks for net-pf-FAMILY-proto-PROTOCOL when a socket's protocol is missing; the module carries both as aliases.
    private static readonly string[] Aliases = ["net_pf_2_proto_132", "net_pf_10_proto_132"];

    // sctp_diag depends on sctp, and a blacklist is not asked about dependencies (KMOD_PROBE_APPLY_BLACKLIST looks at the module named only).
    private const string DependentModule = "sctp_diag";

    private readonly HashSet<string> _blacklisted = [];
    private readonly Dictionary<string, string> _aliases = [];
    private readonly Dictionary<string, string> _installs = [];
    private readonly List<string> _listed = [];

    /// <summary>Reads the texts of modprobe.d and modules-load.d, each in the order of their file names.</summary>
    public ModuleSwitch(IEnumerable<string> modprobe, IEnumerable<string> modulesLoad)
    {
        foreach (var line in modprobe.SelectMany(ConfigurationLines.OfModprobe))
        {
            ReadModprobe(line);
        }

        _listed.AddRange(modulesLoad.SelectMany(ConfigurationLines.OfModulesLoad).Select(ConfigurationLines.Normalize));
    }

    /// <summary>What holds when the node has booted.</summary>
    public ModuleState AtBoot => LoadsAtBoot ? ModuleState.Loaded : Autoloads ? ModuleState.Autoload : ModuleState.Off;

    /// <summary>Whether <c>modprobe sctp</c> would bring it: by its own name a blacklist does not count, an install line does.</summary>
    public bool LoadsByName => InstallAllows(Module);

    private bool LoadsAtBoot => InstallAllows(Module) && _listed.Any(ListedLoads);

    private bool Autoloads => InstallAllows(Module) && !_blacklisted.Contains(Module) && Aliases.Any(alias => Resolve(alias) == Module);

    private bool ListedLoads(string name) => Resolve(name) switch
    {
        Module => !_blacklisted.Contains(Module),
        DependentModule => !_blacklisted.Contains(DependentModule) && InstallAllows(DependentModule),
        _ => false,
    };

    private string Resolve(string name) =>
        _aliases.TryGetValue(name, out var target) ? target : Aliases.Contains(name) ? Module : name;

    // "install sctp /bin/true" runs the command instead of loading; one that calls modprobe with --ignore-install loads after all.
    private bool InstallAllows(string module) =>
        !_installs.TryGetValue(module, out var command)
        || (command.Contains("modprobe", StringComparison.Ordinal)
            && command.Split(' ').Any(word => word is "-i" or "--ignore-install"));

    private void ReadModprobe(string line)
    {
        var words = line.Split((char[])[' ', '\t'], 3, StringSplitOptions.RemoveEmptyEntries);
        switch (words)
        {
            case ["blacklist", var name, ..]:
                _blacklisted.Add(ConfigurationLines.Normalize(name));
                break;
            case ["alias", var alias, var target]:
                _aliases[ConfigurationLines.Normalize(alias)] = ConfigurationLines.Normalize(target.Trim());
                break;
            case ["install", var name, var command]:
                _installs.TryAdd(ConfigurationLines.Normalize(name), command.Trim());
                break;
            default:
                break; // options, softdep, remove: nothing that turns a module on or off
        }
    }
}
