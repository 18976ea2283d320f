using k8s.Models;
using Trunkline.Controllers.Client;
using Trunkline.Controllers.MachineConfigs.Models;

namespace Trunkline.Controllers.MachineConfigs.Draining;

/// <summary>What a node's daemon asks for: `drain-…` or `uncordon-…` in its desiredDrain annotation.</summary>
internal sealed record DrainRequest(string Verb, string Text)
{
    public const string Drain = "drain";
    public const string Uncordon = "uncordon";

    /// <summary>Null when nothing is asked, or it is done already (lastAppliedDrain repeats it).</summary>
    public static DrainRequest? Of(V1Node node)
    {
        var asked = node.Annotation(MachineConfigNames.DesiredDrain);
        if (string.IsNullOrEmpty(asked) || asked == node.Annotation(MachineConfigNames.LastAppliedDrain))
        {
            return null;
        }

        var dash = asked.IndexOf('-', StringComparison.Ordinal);
        var verb = dash < 0 ? asked : asked[..dash];
        return verb is Drain or Uncordon ? new DrainRequest(verb, asked) : null;
    }
}
