using System.Net;

namespace Trunkline.Node.Network.Services;

/// <summary>Where a Service's traffic goes in the end.</summary>
internal sealed record Endpoint(IPAddress Address, int Port);
