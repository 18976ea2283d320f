using Trunkline.Operations.Enable;

namespace Trunkline.Operations.Tests.Enable;

/// <summary>Keeps what an observer is told.</summary>
internal sealed class HeardModule : IModuleObserver
{
    public List<string> Lines { get; } = [];

    public List<RolloutTable> Tables { get; } = [];

    public void Say(string line) => Lines.Add(line);

    public void Table(RolloutTable table) => Tables.Add(table);
}
