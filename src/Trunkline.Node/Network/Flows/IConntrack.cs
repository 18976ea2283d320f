namespace Trunkline.Node.Network.Flows;

/// <summary>The kernel's table of known flows.</summary>
internal interface IConntrack
{
    IReadOnlyList<TrackedFlow> List();

    bool Remove(TrackedFlow flow);
}
