using System.Text.Json;
using Trunkline.Lab.Pki;

namespace Trunkline.Lab.Nodes;

/// <summary>What a node is told before it boots: its own layer of /etc, and the settings of its machine.</summary>
internal sealed class NodeFiles(LabPaths paths, LabDescription lab, LabPki pki, BuildDirectory build)
{
    private const string KubernetesPki = "/etc/kubernetes/pki";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private static readonly JsonSerializerOptions s_options = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Writes them. The node must not be up: its /etc lies over this layer.</summary>
    public void Write(LabNode node)
    {
        var state = paths.NodeState(node.Name);
        Directory.CreateDirectory(paths.State, OwnerOnly);
        Directory.CreateDirectory(paths.Run);
        foreach (var directory in (string[])["etc-lower", "etc-upper", "etc-work", "var", "log"])
        {
            Directory.CreateDirectory(Path.Join(state, directory));
        }

        WriteEtc(node, Path.Join(state, "etc-lower"));
        Directory.CreateDirectory(Path.GetDirectoryName(paths.NodeSettings(node.Name))!);
        Directory.CreateDirectory(paths.NodeRoot(node.Name));
        File.WriteAllText(paths.NodeSettings(node.Name), JsonSerializer.Serialize(MachineSettings(node), s_options));
    }

    private void WriteEtc(LabNode node, string etc)
    {
        Put(etc, "hostname", node.Name + "\n");
        Put(etc, "hosts", "127.0.0.1\tlocalhost\n" + string.Concat(lab.Nodes.SelectMany(other => other.Addresses.Select(address => $"{address}\t{other.Name}\n"))));
        if (!File.Exists(Path.Join(etc, "machine-id")))
        {
            Put(etc, "machine-id", $"{Guid.NewGuid():N}\n");
        }

        // As on Red Hat's machines: SCTP is there, and switched off until somebody asks for it.
        Put(etc, "modprobe.d/sctp-blacklist.conf", "# This kernel module can be automatically loaded by non-root users. To\n# enhance system security, it is blacklisted by default.\nblacklist sctp\n");
        Put(etc, "trunkline/node.json", JsonSerializer.Serialize(AgentConfiguration(node), s_options));
        Directory.CreateDirectory(etc + KubernetesPki["/etc".Length..], OwnerOnly);
        Copy(pki.CaFile, etc, "ca.crt");
        Copy(pki.NodeClient(node.Name), etc, "node");
        Copy(pki.NodeServing(node.Name), etc, "serving");
    }

    private object AgentConfiguration(LabNode node) => new
    {
        nodeName = node.Name,
        role = node.Role,
        nodeIp = node.Address,
        nodeIps = node.Addresses,
        apiServer = $"https://{LabDescription.ControlPlaneAddress}:{LabDescription.ControlPlanePort}",
        caFile = $"{KubernetesPki}/ca.crt",
        certFile = $"{KubernetesPki}/node.crt",
        keyFile = $"{KubernetesPki}/node.key",
        servingCertFile = $"{KubernetesPki}/serving.crt",
        servingKeyFile = $"{KubernetesPki}/serving.key",
        imageLayout = "/run/trunkline/images/base",
        imageId = build.BaseImageId,
        agentCommand = AgentCommand,
        sctpServiceCommand = SctpServiceCommand,
        labels = new Dictionary<string, string>(),
        cgroupParent = $"{paths.Cgroup}/{node.Name}/pods",
    };

    private object MachineSettings(LabNode node)
    {
        var state = paths.NodeState(node.Name);
        return new
        {
            node = node.Name,
            networkNamespace = paths.Netns(node.Name),
            root = paths.NodeRoot(node.Name),
            etcLower = new[] { Path.Join(state, "etc-lower"), build.NodeEtc },
            etcUpper = Path.Join(state, "etc-upper"),
            etcWork = Path.Join(state, "etc-work"),
            var = Path.Join(state, "var"),
            log = Path.Join(state, "log"),
            imageRootfs = build.BaseRootfs,
            binds = new[] { Path.Join(build.Path, "bin"), DotnetRoot.Find() },
            runDirectory = paths.Run,
            cgroup = $"{paths.Cgroup}/{node.Name}",
            agentCommand = AgentCommand,
            sctpServiceCommand = SctpServiceCommand,
            environment = RuntimeEnvironment.Variables(),
        };
    }

    private string[] AgentCommand => [build.Trunkline, "lab-process", "node-agent"];

    private string[] SctpServiceCommand => [build.Sctp, "--registry", "/run/trunkline/sctp/namespaces"];

    private static void Copy(Certificate certificate, string etc, string name)
    {
        Copy(certificate.CertificateFile, etc, $"{name}.crt");
        Copy(certificate.KeyFile, etc, $"{name}.key");
    }

    // File.Copy keeps the mode: a key stays readable by root alone.
    private static void Copy(string source, string etc, string name) =>
        File.Copy(source, Path.Join(etc, KubernetesPki["/etc".Length..], name), overwrite: true);

    private static void Put(string etc, string name, string text)
    {
        var path = Path.Join(etc, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
