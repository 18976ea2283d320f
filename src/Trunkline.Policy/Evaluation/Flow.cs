using Trunkline.Policy.Model;

namespace Trunkline.Policy.Evaluation;

/// <summary>A new flow between two known ends, after Service translation.</summary>
internal sealed record Flow(PolicyCluster Cluster, FlowEnd Source, FlowEnd Destination, TransportProtocol Protocol, int Port)
{
    public FlowEnd Self(TrafficDirection direction) => direction == TrafficDirection.Egress ? Source : Destination;

    public FlowEnd Other(TrafficDirection direction) => direction == TrafficDirection.Egress ? Destination : Source;

    /// <summary>A name means what the destination Pod's containers declare, in either direction; for an address it means nothing.</summary>
    public bool IsNamed(string name) =>
        Destination.Pod?.Ports.Any(declared => declared.Name == name && declared.Protocol == Protocol && declared.Number == Port) ?? false;
}
