using Trunkline.Operations.Cluster;
using Trunkline.Operations.Enable;

namespace Trunkline.Cli.Enable;

/// <summary>What a call of <c>enable</c> or <c>disable</c> says.</summary>
/// <param name="Target">The cluster.</param>
/// <param name="From">An archive to plan for instead; null for the cluster.</param>
/// <param name="Options">What is to be switched.</param>
/// <param name="Format">The form.</param>
/// <param name="DryRun">Whether only to plan.</param>
/// <param name="Yes">Whether not to ask.</param>
/// <param name="Force">Whether to go on in spite of errors.</param>
/// <param name="Timeout">How long to wait; null to go by the number of nodes.</param>
internal sealed record ModuleCall(ClusterTarget Target, string? From, EnableOptions Options, ModuleFormat Format, bool DryRun, bool Yes, bool Force, TimeSpan? Timeout);
