using System.Text.Json.Nodes;
using Trunkline.Operations.Cluster;

namespace Trunkline.Operations.MachineConfigs;

/// <summary>What a MachineConfigPool says of itself. A view of the object; pure.</summary>
/// <param name="Document">The pool.</param>
public sealed record PoolState(JsonNode Document)
{
    /// <summary>The pool's name.</summary>
    public string Name => Document["metadata"].Field("name").AsText() ?? "";

    /// <summary>The rendered configuration that its nodes are to have.</summary>
    public string? Target => Document["spec"].Field("configuration").Field("name").AsText();

    /// <summary>The rendered configuration that all its nodes have had last.</summary>
    public string? Reached => Document["status"].Field("configuration").Field("name").AsText();

    /// <summary>Whether it is paused: nothing is rolled out then.</summary>
    public bool Paused => Document["spec"].Field("paused").IsTrue();

    /// <summary>How many machines it has.</summary>
    public long Machines => Count("machineCount");

    /// <summary>How many of them have the target.</summary>
    public long Updated => Count("updatedMachineCount");

    /// <summary>How many of them have the target, are Ready and take work.</summary>
    public long Ready => Count("readyMachineCount");

    /// <summary>How many of them are degraded.</summary>
    public long Degraded => Count("degradedMachineCount");

    /// <summary>Whether the target was rendered from a MachineConfig (among others).</summary>
    public bool IsMadeOf(string machineConfig) => Sources("spec").Contains(machineConfig);

    /// <summary>Whether a condition's status is True.</summary>
    public bool Is(string condition) => Condition(condition)?["status"].AsText() == "True";

    /// <summary>A condition; null without it.</summary>
    public JsonObject? Condition(string type) => Document["status"].Field("conditions").Objects().FirstOrDefault(condition => condition["type"].AsText() == type);

    /// <summary>
    /// Whether all machines have the target. "Updated" alone is true before the operator has rendered what was just created, so it counts only with the target's name in the status.
    /// </summary>
    public bool IsDone => Target is not null && Reached == Target && Is("Updated") && !Is("Updating") && !Is("Degraded") && Updated == Machines;

    /// <summary>Why the pool does not get any further by itself: its own words; null while it does.</summary>
    public string? Trouble
    {
        get
        {
            foreach (var type in new[] { "RenderDegraded", "NodeDegraded", "Degraded" })
            {
                if (Is(type))
                {
                    var words = $"{Condition(type)!["reason"].AsText()}: {Condition(type)!["message"].AsText()}".Trim(' ', ':');
                    return $"pool {Name} is {type}{(words.Length > 0 ? $" ({words})" : "")}";
                }
            }

            return Paused ? $"pool {Name} is paused" : null;
        }
    }

    private long Count(string field) => Document["status"].Field(field).AsNumber() ?? 0;

    private IEnumerable<string?> Sources(string part) => Document[part].Field("configuration").Field("source").Objects().Select(source => source["name"].AsText());
}
