using Trunkline.Operations.Enable;

namespace Trunkline.Cli.Enable;

/// <summary>How a node's place in a roll-out is said.</summary>
internal static class ModuleWords
{
    /// <summary>Ready alone means nothing: a node is Ready before its turn has come.</summary>
    public static string Of(RolloutNode node) => node switch
    {
        { Updated: true } => "updated",
        { Ready: false } => "not Ready (rebooting)",
        { Cordoned: true, State: "Done" } => "cordoned",
        { State: "Done" } when node.Current == node.Desired => "waits for its turn",
        { State: "Done" } => "told to begin",
        _ => $"{node.State}{(node.Cordoned ? ", cordoned" : "")}",
    };
}
