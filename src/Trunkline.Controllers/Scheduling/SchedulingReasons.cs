namespace Trunkline.Controllers.Scheduling;

/// <summary>kube-scheduler's words.</summary>
internal static class SchedulingReasons
{
    public const string Unschedulable = "node(s) were unschedulable";
    public const string NodeName = "node(s) didn't match the requested node name";
    public const string NodeAffinity = "node(s) didn't match Pod's node affinity/selector";
    public const string Ports = "node(s) didn't have free ports for the requested pod ports";
    public const string Cpu = "Insufficient cpu";
    public const string Memory = "Insufficient memory";
    public const string TooManyPods = "Too many pods";
    public const string PodAffinity = "node(s) didn't match pod affinity rules";
    public const string PodAntiAffinity = "node(s) didn't match pod anti-affinity rules";
    public const string ExistingAntiAffinity = "node(s) didn't satisfy existing pods anti-affinity rules";

    public static string Taint(string key, string? value) => $"node(s) had untolerated taint {{{key}: {value}}}";

    /// <summary>Whether making room could help; what a node is by itself (taints, labels, name) no preemption changes.</summary>
    public static bool IsResolvable(string reason) => reason is Ports or Cpu or Memory or TooManyPods or PodAntiAffinity or ExistingAntiAffinity;
}
