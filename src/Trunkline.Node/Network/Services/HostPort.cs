using Trunkline.Policy.Model;

namespace Trunkline.Node.Network.Services;

/// <summary>A port of its node that a container asked for (hostPort).</summary>
internal sealed record HostPort(TransportProtocol Protocol, int Number, int ContainerPort);
