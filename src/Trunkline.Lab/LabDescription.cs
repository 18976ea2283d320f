using System.Text.Json;

namespace Trunkline.Lab;

/// <summary>What is written down about a lab in lab.json: enough to find it again after anything.</summary>
public sealed record LabDescription(string Name, int Workers, int Port)
{
    private static readonly JsonSerializerOptions s_options = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>The address of the API server inside the lab.</summary>
    public const string ControlPlaneAddress = "192.168.126.10";

    /// <summary>The host outside the cluster.</summary>
    public const string ExternalAddress = "192.168.126.200";

    /// <summary>The same in IPv6. The host's number is written in the same digits in both families.</summary>
    public const string ExternalAddress6 = Rack6 + "200";

    /// <summary>The cluster's Service network in IPv6; that in IPv4 is the API server's default.</summary>
    public const string ServiceNetwork6 = "fd02::/112";

    /// <summary>The cluster's DNS: the tenth address of the service network in either family.</summary>
    public const string DnsAddress = "172.30.0.10", DnsAddress6 = "fd02::a";

    /// <summary>The first address of each Service network: Service <c>kubernetes</c>.</summary>
    public const string KubernetesService = "172.30.0.1", KubernetesService6 = "fd02::1";

    /// <summary>Pods' network in IPv6: a /64 of it a node.</summary>
    public const string PodNetwork6 = "fd01::/48";

    /// <summary>What Services of type LoadBalancer get on the rack, by family.</summary>
    public const string BalancerPool = "192.168.126.224/27", BalancerPool6 = Rack6 + "e0/123";

    private const string Rack6 = "fd00:126::";

    /// <summary>The port of the API server inside the lab.</summary>
    public const int ControlPlanePort = 6443;

    /// <summary>Whether the lab has both families. A machine whose kernel knows no IPv6 has labs of one.</summary>
    public bool DualStack { get; init; } = true;

    /// <summary>The nodes, the control plane first.</summary>
    public IReadOnlyList<LabNode> Nodes =>
    [
        new("control-plane-0", "control-plane", ControlPlaneAddress, DualStack ? Rack6 + "10" : null),
        .. Enumerable.Range(0, Workers).Select(i => new LabNode($"worker-{i}", "worker", $"192.168.126.{11 + i}", DualStack ? $"{Rack6}{11 + i}" : null)),
    ];

    /// <summary>The addresses of the host outside the cluster.</summary>
    public IReadOnlyList<string> ExternalAddresses => DualStack ? [ExternalAddress, ExternalAddress6] : [ExternalAddress];

    /// <summary>The node in whose namespace the API server listens.</summary>
    public LabNode ControlPlane => Nodes[0];

    /// <summary>Reads it; null when there is no such lab.</summary>
    public static LabDescription? Read(LabPaths paths)
    {
        try
        {
            return JsonSerializer.Deserialize<LabDescription>(File.ReadAllBytes(paths.Description), s_options);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (JsonException error)
        {
            throw new LabException(
                $"{paths.Description} is damaged ({error.Message}); take the lab down with `trunkline lab down --name {paths.Name}` and up again.",
                LabFailure.Failed, error);
        }
    }

    /// <summary>The ports that the machine's other labs have.</summary>
    public static IReadOnlySet<int> PortsOfOthers(LabPaths paths) => Directory.Exists(paths.StateRoot)
        ? Directory.GetDirectories(paths.StateRoot).Select(directory => Path.GetFileName(directory)).Where(name => name != paths.Name)
            .Select(name => Read(paths with { Name = name })?.Port ?? 0).ToHashSet()
        : new HashSet<int>();

    /// <summary>Writes it, whole or not at all.</summary>
    public void Write(LabPaths paths)
    {
        File.WriteAllBytes(paths.Description + ".new", JsonSerializer.SerializeToUtf8Bytes(this, s_options));
        File.Move(paths.Description + ".new", paths.Description, overwrite: true);
    }
}
