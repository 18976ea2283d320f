using System.Text.Json;
using System.Text.Json.Nodes;
using Trunkline.Policy.Model;
using Trunkline.Policy.Reading;

namespace Trunkline.Operations.Doctor.View;

/// <summary>Label selectors of documents other than policies.</summary>
internal static class Selectors
{
    /// <summary>A selector; null where there is none, for it then selects nothing.</summary>
    public static LabelSelector? Read(JsonNode? selector) =>
        selector is JsonObject ? NetworkPolicyReader.Read("", "", JsonSerializer.SerializeToElement(new JsonObject { ["podSelector"] = selector.DeepClone() })).PodSelector : null;
}
