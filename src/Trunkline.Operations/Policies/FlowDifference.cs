using System.Net.Sockets;
using Trunkline.Policy.Evaluation;

namespace Trunkline.Operations.Policies;

/// <summary>A flow that a change of policies opens or cuts.</summary>
/// <param name="Source">Where it begins.</param>
/// <param name="Destination">Where it goes.</param>
/// <param name="Family">The one address family in which it changes; null where it changes in all that both ends have.</param>
/// <param name="Opens">Whether the change opens it; else it cuts it.</param>
/// <param name="Ports">At which ports.</param>
/// <param name="Before">Why it is allowed or denied now, at the first of the ports.</param>
/// <param name="After">Why it is not any more then.</param>
public sealed record FlowDifference(FlowEnd Source, FlowEnd Destination, AddressFamily? Family, bool Opens, IReadOnlyList<PortQuestion> Ports, Verdict Before, Verdict After);
