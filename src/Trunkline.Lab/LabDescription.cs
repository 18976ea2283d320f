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

    /// <summary>The port of the API server inside the lab.</summary>
    public const int ControlPlanePort = 6443;

    /// <summary>The nodes, the control plane first.</summary>
    public IReadOnlyList<LabNode> Nodes =>
    [
        new("control-plane-0", "control-plane", ControlPlaneAddress),
        .. Enumerable.Range(0, Workers).Select(i => new LabNode($"worker-{i}", "worker", $"192.168.126.{11 + i}")),
    ];

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
