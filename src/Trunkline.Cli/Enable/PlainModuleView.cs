using Trunkline.Operations.Enable;

namespace Trunkline.Cli.Enable;

/// <summary>A line for each thing that changes: for pipes and logs.</summary>
internal sealed class PlainModuleView(TextWriter output, TimeProvider time) : IModuleObserver
{
    private readonly Dictionary<string, string> _said = new(StringComparer.Ordinal);
    private readonly long _start = time.GetTimestamp();

    public void Say(string line) => output.WriteLine(FormattableString.Invariant($"{time.GetElapsedTime(_start).TotalSeconds,6:0.0}s {line}"));

    public void Table(RolloutTable table)
    {
        foreach (var pool in table.Pools)
        {
            Changed($"pool {pool.Name}", pool.Phase);
            foreach (var node in pool.Nodes)
            {
                Changed($"node {node.Name}", ModuleWords.Of(node));
            }
        }
    }

    private void Changed(string what, string words)
    {
        if (_said.GetValueOrDefault(what) != words)
        {
            _said[what] = words;
            Say($"{what}: {words}");
        }
    }
}
