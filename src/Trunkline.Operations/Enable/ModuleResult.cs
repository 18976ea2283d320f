using System.Text.Json.Nodes;

namespace Trunkline.Operations.Enable;

/// <summary>How a change ended.</summary>
/// <param name="Failure">Why it did not succeed; null when it did.</param>
/// <param name="Proofs">What each node says of its module; empty where it was not asked.</param>
public sealed record ModuleResult(string? Failure, IReadOnlyList<NodeProof> Proofs)
{
    /// <summary>Whether everything is as it should be, and proven.</summary>
    public bool Succeeded => Failure is null;

    /// <summary>As a document.</summary>
    public JsonObject ToJson() => new()
    {
        ["succeeded"] = Succeeded,
        ["failure"] = Failure,
        ["proofs"] = new JsonArray([.. Proofs.Select(proof => (JsonNode)new JsonObject { ["node"] = proof.Node, ["state"] = proof.State.ToString(), ["evidence"] = proof.Evidence })]),
    };
}
