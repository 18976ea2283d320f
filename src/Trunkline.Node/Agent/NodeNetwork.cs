using Trunkline.Node.Network;

namespace Trunkline.Node.Agent;

/// <summary>What joins this node's Pods to the cluster: usually one data plane that is both.</summary>
public sealed record NodeNetwork(IPodNetwork Pods, IDataPlane DataPlane);
