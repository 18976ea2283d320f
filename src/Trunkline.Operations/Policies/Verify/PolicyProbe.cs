using System.Net;
using Trunkline.Policy.Evaluation;
using Trunkline.Policy.Model;

namespace Trunkline.Operations.Policies.Verify;

/// <summary>One flow to try.</summary>
/// <param name="Source">The Pod that tries.</param>
/// <param name="Destination">The Pod that it tries to reach; the source itself, to learn whether somebody listens.</param>
/// <param name="Address">The destination's address.</param>
/// <param name="Protocol">The protocol.</param>
/// <param name="Port">The port.</param>
/// <param name="Expected">What policies say of it.</param>
public sealed record PolicyProbe(PolicyPod Source, PolicyPod Destination, IPAddress Address, TransportProtocol Protocol, int Port, Verdict Expected)
{
    /// <summary>Whether a Pod asks itself: no policy speaks of that, so the answer says whether somebody listens.</summary>
    public bool IsSelf => ReferenceEquals(Source, Destination);

    public override string ToString() => $"{Source} to {Destination} {Protocol.Upper()} {Port}";
}
