using Trunkline.Policy.Model;

namespace Trunkline.Node.Network.Services;

/// <summary>A port of a Service; the name joins it to the ports of its EndpointSlices.</summary>
internal sealed record ServiceRecordPort(string Name, TransportProtocol Protocol, int Port, int? NodePort);
