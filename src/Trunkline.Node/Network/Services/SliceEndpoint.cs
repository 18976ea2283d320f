using System.Net;

namespace Trunkline.Node.Network.Services;

/// <summary>An endpoint and whether new flows may go there (a missing condition counts as ready).</summary>
internal sealed record SliceEndpoint(IPAddress Address, bool Ready, string? NodeName);
