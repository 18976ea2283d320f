namespace Trunkline.Controllers.MachineConfigs.Models;

/// <summary>Annotations, labels and words of the Machine Config Operator that controller and daemon agree on.</summary>
public static class MachineConfigNames
{
    public const string CurrentConfig = "machineconfiguration.openshift.io/currentConfig";
    public const string DesiredConfig = "machineconfiguration.openshift.io/desiredConfig";
    public const string State = "machineconfiguration.openshift.io/state";
    public const string Reason = "machineconfiguration.openshift.io/reason";
    public const string DesiredDrain = "machineconfiguration.openshift.io/desiredDrain";
    public const string LastAppliedDrain = "machineconfiguration.openshift.io/lastAppliedDrain";
    public const string Role = "machineconfiguration.openshift.io/role";
    public const string GeneratedBy = "machineconfiguration.openshift.io/generated-by-controller-version";
    public const string ReleaseImageVersion = "machineconfiguration.openshift.io/release-image-version";
    public const string UpdateInProgressTaint = "UpdateInProgress";

    public const string StateDone = "Done";
    public const string StateWorking = "Working";
    public const string StateDegraded = "Degraded";
    public const string StateRebooting = "Rebooting";
    public const string StateUnreconcilable = "Unreconcilable";
}
