namespace Trunkline.Node.Network.Services;

/// <summary>sessionAffinity ClientIP of one port of a Service.</summary>
/// <param name="Name">namespace/service:port, by which its clients are remembered.</param>
/// <param name="Seconds">How long a client is remembered after its last new flow.</param>
internal sealed record SessionAffinity(string Name, int Seconds);
