using System.Text.Json.Nodes;

namespace Trunkline.Operations.Cluster;

/// <summary>One event of a watch.</summary>
/// <param name="Type">ADDED, MODIFIED, DELETED, BOOKMARK or ERROR.</param>
/// <param name="Item">The object as it was after the event.</param>
public sealed record WatchEvent(string Type, JsonObject Item)
{
    /// <summary>The object's kind.</summary>
    public string Kind => Item["kind"]?.GetValue<string>() ?? "";

    /// <summary>The object's name.</summary>
    public string Name => Item["metadata"]?["name"]?.GetValue<string>() ?? "";

    /// <summary>The revision at which the event happened. One counter serves the whole cluster, so events of several watches can be put in order.</summary>
    public long ResourceVersion => long.Parse(Item["metadata"]?["resourceVersion"]?.GetValue<string>() ?? "0", System.Globalization.CultureInfo.InvariantCulture);
}
