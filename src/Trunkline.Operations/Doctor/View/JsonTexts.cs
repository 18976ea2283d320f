using System.Text.Json.Nodes;
using Trunkline.Operations.Cluster;

namespace Trunkline.Operations.Doctor.View;

/// <summary>Lists of texts in documents that come from elsewhere.</summary>
internal static class JsonTexts
{
    /// <summary>The texts of a list; none where the node is no list.</summary>
    public static IEnumerable<string> Texts(this JsonNode? list) => list is JsonArray items ? items.Select(item => item.AsText()).OfType<string>() : [];
}
