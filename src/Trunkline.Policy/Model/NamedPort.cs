namespace Trunkline.Policy.Model;

/// <summary>A port a Pod's container declares by name.</summary>
public sealed record NamedPort(string Name, TransportProtocol Protocol, int Number);
