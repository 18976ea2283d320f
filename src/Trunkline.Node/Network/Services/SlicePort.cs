using Trunkline.Policy.Model;

namespace Trunkline.Node.Network.Services;

internal sealed record SlicePort(string Name, TransportProtocol Protocol, int Port);
