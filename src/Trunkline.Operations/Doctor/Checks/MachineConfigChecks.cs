using System.Text.Json;
using System.Text.Json.Nodes;
using Trunkline.Operations.Cluster;
using Trunkline.Operations.Doctor.View;
using Trunkline.Operations.Findings;

namespace Trunkline.Operations.Doctor.Checks;

/// <summary>OpenShift: whether a MachineConfig that is to load SCTP does so, where it should.</summary>
internal sealed class MachineConfigChecks : IDoctorCheck
{
    public static readonly RuleInfo Incomplete = new("DOC010", "machineconfig-incomplete", Severity.Error, "A MachineConfig for SCTP frees the module of the blacklist and does not load it, or the other way round.",
        "Both files are needed: an empty /etc/modprobe.d/sctp-blacklist.conf, since systemd-modules-load honours blacklists, and /etc/modules-load.d/sctp-load.conf with the word sctp.", "OpenShift: Using SCTP; cluster.md 3, SCTP028");

    public static readonly RuleInfo WrongContent = new("DOC011", "machineconfig-wrong-file", Severity.Error, "A file of a MachineConfig for SCTP does not say what it should, or its mode is not readable as one.",
        "The load file holds the one word sctp, the blacklist file nothing; names end in .conf, else they are not read; mode is a decimal number: 0644 is 420. A mode in quotes degrades the pool, and 644 decimal is 01204.", "Ignition 3: storage.files; telco-reference#3, #50");

    public static readonly RuleInfo NoNodes = new("DOC012", "machineconfig-role-without-nodes", Severity.Error, "A MachineConfig for SCTP has a role whose pool does not exist, or has no nodes.",
        "The label machineconfiguration.openshift.io/role says which pools take it. On compact and single-node clusters all nodes are in pool master, and role worker reaches none of them.", "MCO: machineConfigSelector; verification-tests#2881");

    private const int OrdinaryMode = 420;

    public IReadOnlyList<RuleInfo> Rules { get; } = [Incomplete, WrongContent, NoNodes];

    public IReadOnlyList<ResourceKind> Needs { get; } = [ResourceKinds.MachineConfig, ResourceKinds.MachineConfigPool, ResourceKinds.Node];

    public IEnumerable<Diagnosis> Look(ClusterView view) => view.Pools.Configs.SelectMany(config => (Diagnosis[])[.. Files(view, config), .. Reach(view, config)]);

    private static IEnumerable<Diagnosis> Files(ClusterView view, SctpMachineConfig config)
    {
        var pools = Pools(view, config);
        string[] explains = [.. pools.SelectMany(pool => pool.Nodes).Select(node => Trouble.NoSctp(node.Name))];
        var wrong = config.Files.SelectMany(Wrong).ToList();
        if (wrong.Count > 0)
        {
            yield return new(WrongContent, config.Source, $"{config.Source.Title} does not write the files as SCTP needs them: {wrong[0].Why}.")
            {
                Evidence = [.. wrong.Select(one => $"{one.Path}: {one.Why}")],
                Fix = "Write /etc/modprobe.d/sctp-blacklist.conf with source \"data:,\" and /etc/modules-load.d/sctp-load.conf with source \"data:,sctp\", both with mode 420 (trunkline enable --dry-run -o yaml prints it).",
                Explains = explains,
                Concerns = [.. pools.Select(pool => pool.Title)],
            };
            yield break;
        }

        // What one MachineConfig lacks another may bring for the same pool.
        foreach (var pool in pools.Where(pool => !pool.SwitchesOn).Take(1))
        {
            var loads = pool.Configs.Any(other => other.Loads);
            yield return new(Incomplete, config.Source, loads
                ? $"{config.Source.Title} loads sctp at boot and leaves the blacklist in place: systemd-modules-load then does not load it."
                : $"{config.Source.Title} frees sctp of the blacklist and has nothing load it at boot.")
            {
                Evidence = [.. config.Files.Select(file => $"{file.Path}: {(string.IsNullOrWhiteSpace(file.Content) ? "empty" : file.Content!.Trim())}"), loads ? "missing: an empty /etc/modprobe.d/sctp-blacklist.conf" : "missing: /etc/modules-load.d/sctp-load.conf with the word sctp"],
                Fix = loads ? "Add the file /etc/modprobe.d/sctp-blacklist.conf with source \"data:,\" and mode 420." : "Add the file /etc/modules-load.d/sctp-load.conf with source \"data:,sctp\" and mode 420.",
                Explains = explains,
                Concerns = [pool.Title],
                Severity = loads ? Severity.Error : Severity.Warning,
            };
        }
    }

    private static IReadOnlyList<PoolView> Pools(ClusterView view, SctpMachineConfig config) => [.. view.Pools.All.Where(pool => pool.Configs.Contains(config))];

    private static IEnumerable<(string Path, string Why)> Wrong(IgnitionFile file)
    {
        if (file.Content is null)
        {
            yield return (file.Path, "its source is no data URL that can be decoded");
        }
        else if (!file.Path.EndsWith(".conf", StringComparison.Ordinal))
        {
            yield return (file.Path, "its name does not end in .conf, so it is not read");
        }
        else if (file.IsModulesLoad && !file.Loads)
        {
            yield return (file.Path, $"it holds \"{file.Content.Trim()}\" and not the word sctp");
        }
        else if (file.Blacklists)
        {
            yield return (file.Path, $"it still keeps the module out: \"{file.Lines.First(ModprobeLines.KeepsOut)}\"");
        }

        if (file.Mode is JsonValue mode && mode.AsNumber() is null)
        {
            yield return (file.Path, $"mode {mode.ToJsonString()} is no number ({(mode.GetValueKind() == JsonValueKind.String ? "a text" : "no whole number")})");
        }
        else if (file.Mode.AsNumber() is { } number && number != OrdinaryMode && (number & 0x124) != 0x124)
        {
            yield return (file.Path, $"mode {number} is {Convert.ToString(number, 8).PadLeft(4, '0')} in octal{(number == 644 ? ": 0644 is 420" : ", which not everybody may read")}");
        }
    }

    private static IEnumerable<Diagnosis> Reach(ClusterView view, SctpMachineConfig config)
    {
        if (view.Pools.All.Count == 0)
        {
            yield break;
        }

        var pools = Pools(view, config);
        var nodesRead = view.Objects.Of(ResourceKinds.Node).Count > 0;
        if (pools.Count == 0 || (nodesRead && pools.All(pool => pool.Nodes.Count == 0)))
        {
            var full = view.Pools.All.Where(pool => pool.Nodes.Count > 0).ToList();
            yield return new(NoNodes, config.Source, pools.Count == 0
                ? $"{config.Source.Title} has the role {config.Role ?? "(none)"}, which no MachineConfigPool selects."
                : $"{config.Source.Title} has the role {config.Role}, and pool {Advice.List(pools.Select(pool => pool.Name))} has no nodes.")
            {
                Evidence = [$"label {SctpMachineConfig.RoleLabel}: {config.Role ?? "missing"}", $"pools: {Advice.List(view.Pools.All.Select(pool => $"{pool.Name} ({pool.Nodes.Count} nodes)"))}"],
                Fix = $"Give it the role of a pool with nodes: {(full.Count == 0 ? "worker" : Advice.List(full.Select(pool => pool.Name)))} (trunkline enable --role {(full.Count == 0 ? "worker" : full[0].Name)}).",
                Explains = [.. full.Where(pool => !pool.SwitchesOn).SelectMany(pool => pool.Nodes).Select(node => Trouble.NoSctp(node.Name))],
                Concerns = [.. pools.Select(pool => pool.Title)],
            };
        }
    }
}
