using Trunkline.Operations.Doctor;
using Trunkline.Operations.Doctor.Facts;
using Trunkline.Operations.Findings;
using Trunkline.Operations.Objects;

namespace Trunkline.Operations.Tests.Doctor;

/// <summary>
/// A folder of <c>Doctor/Cases</c>: objects.yaml, what probes printed (<c>node.NAME.probe</c> in a Pod on the node, <c>host.NAME.probe</c> on the node's own network,
/// <c>pod.NAMESPACE.NAME.probe</c>), and expected.txt with a line a finding: severity, check, object | words of the evidence | words of the fix.
/// </summary>
internal sealed class DoctorCase(string folder)
{
    public static string Root => Path.Combine(AppContext.BaseDirectory, "Doctor", "Cases");

    public static IEnumerable<string> Names => Directory.EnumerateDirectories(Root).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal);

    public IReadOnlyList<string> Expected => File.Exists(Path.Combine(folder, "expected.txt")) ? File.ReadAllLines(Path.Combine(folder, "expected.txt")).Where(line => line.Length > 0).ToList() : [];

    public async Task<ClusterObjects> ObjectsAsync() => await ArchiveObjects.ReadAsync(Path.Combine(folder, "objects.yaml"), null, CancellationToken.None);

    public ProbeFacts Facts()
    {
        var nodes = new List<NodeFacts>();
        var pods = new List<PodFacts>();
        foreach (var file in Directory.EnumerateFiles(folder, "*.probe").Order(StringComparer.Ordinal))
        {
            var output = new ProbeOutput(File.ReadAllText(file));
            switch (Path.GetFileNameWithoutExtension(file).Split('.'))
            {
                case ["node", var node]:
                    nodes.Add(output.Node(node, "a recorded probe", onHost: false));
                    break;
                case ["host", var node]:
                    nodes.Add(output.Node(node, "a recorded probe", onHost: true));
                    break;
                case ["pod", var ns, var pod]:
                    pods.Add(output.Pod(ns, pod, "a recorded probe"));
                    break;
                default:
                    throw new InvalidDataException($"{file} is no probe");
            }
        }

        return new ProbeFacts { Nodes = nodes, Pods = pods };
    }

    public async Task<IReadOnlyList<Finding>> FindingsAsync(ResourceName? resource = null) => DoctorExamination.Examine(await ObjectsAsync(), Facts(), resource);
}
