using Trunkline.Operations.Cluster;
using Trunkline.Operations.Objects;
using Trunkline.Operations.Platforms;

namespace Trunkline.Operations.Enable;

/// <summary>Which nodes only their platform can change, and how a person has it do so. Pure.</summary>
internal static class NodeInstructions
{
    /// <summary>Null: the DaemonSet can.</summary>
    public static NodeInstruction? For(ClusterPlatform platform, ClusterObject node)
    {
        var image = node.Status.Field("nodeInfo").Field("osImage").AsText() ?? "";
        return image switch
        {
            _ when node.Label("eks.amazonaws.com/compute-type") == "fargate" || node.Label("type") == "virtual-kubelet" => NodeInstruction.NoKernel,
            _ when image.StartsWith("Talos", StringComparison.Ordinal) => NodeInstruction.Talos,
            _ when image.StartsWith("Bottlerocket", StringComparison.Ordinal) => NodeInstruction.Bottlerocket,
            _ when image.StartsWith("Container-Optimized OS", StringComparison.Ordinal) => NodeInstruction.ContainerOptimized,
            _ when platform.Kind == PlatformKind.Kind => NodeInstruction.Kind,
            _ when platform.Kind == PlatformKind.DockerDesktop => NodeInstruction.DockerDesktop,
            _ => null,
        };
    }

    public static PlatformInstruction Write(NodeInstruction instruction, IReadOnlyList<ClusterObject> nodes, bool off)
    {
        var names = nodes.Select(node => node.Name).ToList();
        var addresses = string.Join(",", nodes.Select(node => node.Status.Field("addresses").Objects().FirstOrDefault(address => address["type"].AsText() == "InternalIP")?["address"].AsText() ?? node.Name));
        return instruction switch
        {
            NodeInstruction.Talos => new("Talos: in the machine configuration", names, off
                ? ["Take {name: sctp} out of machine.kernel.modules of the machine configuration.", $"talosctl --nodes {addresses} reboot"]
                :
                [
                    "cat > sctp.yaml <<'EOF'\nmachine:\n  kernel:\n    modules:\n      - name: sctp\nEOF",
                    $"talosctl --nodes {addresses} patch machineconfig --patch @sctp.yaml   # loads it at once, no reboot",
                ]),
            NodeInstruction.Bottlerocket => new("Bottlerocket: in its settings", names, off
                ? ["apiclient set settings.kernel.modules.sctp.autoload=false settings.kernel.modules.sctp.allowed=false   # from the admin container, or in the node group's user data", "Reboot the node."]
                :
                [
                    "apiclient set settings.kernel.modules.sctp.allowed=true settings.kernel.modules.sctp.autoload=true   # from the admin container of each node",
                    "Put the same into the node group's user data, so that new nodes have it:\n[settings.kernel.modules.sctp]\nallowed = true\nautoload = true",
                ]),
            NodeInstruction.ContainerOptimized => new("Container-Optimized OS has no SCTP", names, off
                ? ["Nothing to do: it has none."]
                :
                [
                    "gcloud container node-pools create sctp --cluster CLUSTER --image-type UBUNTU_CONTAINERD   # GKE 1.32.2-gke.1297000 or newer, Dataplane V2",
                    "Then run `trunkline enable` again: the new nodes are done by its DaemonSet.",
                ]),
            NodeInstruction.Kind => new("kind: on the machine that runs it", names, off
                ? ["sudo modprobe -r sctp; sudo rm -f /etc/modules-load.d/sctp-load.conf   # on the machine whose containers the nodes are"]
                : ["sudo modprobe sctp && echo sctp | sudo tee /etc/modules-load.d/sctp-load.conf   # on the machine whose containers the nodes are"]),
            NodeInstruction.DockerDesktop => new("Docker Desktop's kernel has no SCTP", names, ["Use another cluster, such as `trunkline lab up` (docker/for-mac#4552)."]),
            _ => new("nodes without a kernel of their own (Fargate, virtual kubelet)", names, ["SCTP Pods cannot run there: keep them on other nodes by a nodeSelector."]),
        };
    }
}
