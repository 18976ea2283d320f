using System.Text.Json.Nodes;

namespace Trunkline.Policy.Cases.Oracle;

/// <summary>One end of a flow for the naive judge: a Pod's document, or null, and the address it is seen at.</summary>
public sealed record OracleEnd(JsonNode? Pod, string? Address);
