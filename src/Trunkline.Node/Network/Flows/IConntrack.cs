namespace Trunkline.Node.Network.Flows;

/// <summary>The kernel's table of known flows.</summary>
internal interface IConntrack
{
    IReadOnlyList<TrackedFlow> List();

    IReadOnlyList<TrackedFlow> List(FlowFilter filter) => [.. List().Where(filter.Matches)];

    bool Remove(TrackedFlow flow);
}
