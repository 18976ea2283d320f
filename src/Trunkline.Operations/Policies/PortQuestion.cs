using System.Globalization;
using Trunkline.Policy.Model;

namespace Trunkline.Operations.Policies;

/// <summary>A protocol and port at which the verdicts of a cluster are asked for.</summary>
/// <param name="Protocol">The protocol.</param>
/// <param name="Port">The port.</param>
/// <param name="IsAnyOther">Whether it stands for all ports that no Pod declares and no policy names: policies judge them alike.</param>
public sealed record PortQuestion(TransportProtocol Protocol, int Port, bool IsAnyOther = false)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Protocol.Upper()} {(IsAnyOther ? "any other port" : Port)}");
}
