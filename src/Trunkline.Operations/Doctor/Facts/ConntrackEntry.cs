namespace Trunkline.Operations.Doctor.Facts;

/// <summary>An SCTP entry of conntrack: the packet as its sender made it, and the reply that is expected.</summary>
/// <param name="State">Conntrack's state, such as ESTABLISHED.</param>
/// <param name="Source">Who sent.</param>
/// <param name="SourcePort">From which port.</param>
/// <param name="Destination">To whom.</param>
/// <param name="DestinationPort">To which port.</param>
/// <param name="ReplySource">Who is to answer: the endpoint after translation.</param>
/// <param name="ReplySourcePort">From which port.</param>
/// <param name="ReplyDestination">To whom the answer goes: the sender, or what it was hidden behind.</param>
public sealed record ConntrackEntry(string State, string Source, int SourcePort, string Destination, int DestinationPort, string ReplySource, int ReplySourcePort, string ReplyDestination)
{
    /// <summary>As conntrack writes it.</summary>
    public override string ToString() => $"{State} {Source}:{SourcePort} -> {Destination}:{DestinationPort}, answered by {ReplySource}:{ReplySourcePort} to {ReplyDestination}";
}
