using System.Text.Json.Nodes;

namespace Trunkline.ApiServer.Tests.Support;

internal static class WatchLines
{
    /// <summary>All events of a watch that ends by its own timeout.</summary>
    public static async Task<List<JsonNode>> ReadAsync(HttpClient client, string path)
    {
        var text = await client.GetStringAsync(path);
        return text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!).ToList();
    }
}
