using k8s.Models;

namespace Trunkline.Node.MachineConfig;

/// <summary>The annotations by which the operator's controller and this daemon talk.</summary>
internal static class McoNames
{
    public const string CurrentConfig = Prefix + "currentConfig";
    public const string DesiredConfig = Prefix + "desiredConfig";
    public const string State = Prefix + "state";
    public const string Reason = Prefix + "reason";
    public const string DesiredDrain = Prefix + "desiredDrain";
    public const string LastAppliedDrain = Prefix + "lastAppliedDrain";
    public const string Done = "Done";
    public const string Working = "Working";
    public const string Degraded = "Degraded";
    public const string Unreconcilable = "Unreconcilable";
    public const string Group = "machineconfiguration.openshift.io";
    public const string Version = "v1";
    public const string Plural = "machineconfigs";

    private const string Prefix = "machineconfiguration.openshift.io/";

    public static string? Of(V1Node node, string name) => node.Metadata.Annotations is { } all && all.TryGetValue(name, out var value) ? value : null;
}
