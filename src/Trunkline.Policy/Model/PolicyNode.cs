using System.Net;

namespace Trunkline.Policy.Model;

/// <summary>A node as policies see it: whatever comes from its own addresses reaches its own Pods.</summary>
public sealed record PolicyNode(string Name, IReadOnlyList<IPAddress> Addresses);
