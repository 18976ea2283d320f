using System.Text.Json;

namespace Trunkline.Node.Network.Nft;

/// <summary>Something found in the kernel's table.</summary>
/// <param name="Kind">set, map or chain.</param>
/// <param name="Name">Its name.</param>
internal sealed record ExistingObject(string Kind, string Name)
{
    /// <summary>A set's <see cref="NftSet.Fingerprint"/>, where it has one.</summary>
    public string Comment { get; init; } = "";

    /// <summary>Reads <c>nft -j -t list table</c>.</summary>
    public static IReadOnlyList<ExistingObject> Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        var found = new List<ExistingObject>();
        foreach (var item in document.RootElement.GetProperty("nftables").EnumerateArray().SelectMany(entry => entry.EnumerateObject()))
        {
            if (item.Name is "set" or "map" or "chain")
            {
                found.Add(new ExistingObject(item.Name, item.Value.GetProperty("name").GetString() ?? "")
                {
                    Comment = item.Value.TryGetProperty("comment", out var comment) ? comment.GetString() ?? "" : "",
                });
            }
        }

        return found;
    }
}
