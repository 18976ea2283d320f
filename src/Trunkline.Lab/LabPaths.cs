namespace Trunkline.Lab;

/// <summary>Where a lab keeps what (docs/architecture.md, Files of a lab).</summary>
public sealed record LabPaths(string Name, string StateRoot = "/var/lib/trunkline/labs", string RunRoot = "/run/trunkline/labs")
{
    /// <summary>What outlives the machine's reboot.</summary>
    public string State => Path.Join(StateRoot, Name);

    /// <summary>What does not.</summary>
    public string Run => Path.Join(RunRoot, Name);

    /// <summary>Held while somebody changes the lab. Outside <see cref="Run"/>, which is removed under it.</summary>
    public string Lock => Path.Join(RunRoot, $"{Name}.lock");

    /// <summary>Held while a port is chosen, by one lab of the machine at a time. No lab can have this name.</summary>
    public string PortsLock => Path.Join(RunRoot, ".ports.lock");

    /// <summary>Name, workers, port.</summary>
    public string Description => Path.Join(State, "lab.json");

    /// <summary>Keys and certificates.</summary>
    public string Pki => Path.Join(State, "pki");

    /// <summary>The API server's store.</summary>
    public string Database => Path.Join(State, "apiserver.db");

    /// <summary>With it kubectl works from the machine.</summary>
    public string AdminKubeconfig => Path.Join(State, "admin.kubeconfig");

    /// <summary>Who the controllers are.</summary>
    public string ControllersKubeconfig => Path.Join(State, "controllers.kubeconfig");

    /// <summary>Stands when the network is complete.</summary>
    public string NetworkMarker => Path.Join(Run, "network");

    /// <summary>The control group of the lab, below each hierarchy's root.</summary>
    public string Cgroup => $"/trunkline/{Name}";

    /// <summary>The pinned network namespace of a node, "rack" or "external".</summary>
    public string Netns(string machine) => Path.Join(Run, "netns", machine);

    /// <summary>A node's directory among the state.</summary>
    public string NodeState(string node) => Path.Join(State, "nodes", node);

    /// <summary>What `trunkline-node machine` reads.</summary>
    public string NodeSettings(string node) => Path.Join(Run, "nodes", $"{node}.json");

    /// <summary>Where a node's root is put together, in its own mount namespace.</summary>
    public string NodeRoot(string node) => Path.Join(Run, "nodes", node);

    /// <summary>What the cluster's DNS server reads: its configuration and the zones.</summary>
    public string Dns => Path.Join(Run, "dns");

    /// <summary>A log: "control-plane", "dns", a node's name (its machine and first process), NODE-agent, NODE-sctp.</summary>
    public string Log(string program) => Path.Join(Run, $"{program}.log");

    /// <summary>The process id of a process that the lab started outside its nodes.</summary>
    public string PidFile(string program) => Path.Join(Run, $"{program}.pid");
}
