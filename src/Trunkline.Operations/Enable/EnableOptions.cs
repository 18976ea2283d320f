namespace Trunkline.Operations.Enable;

/// <summary>What the caller of <c>enable</c> or <c>disable</c> asks for.</summary>
/// <param name="Roles">The pools or node roles that are meant; none: those whose nodes run workloads.</param>
/// <param name="Image">The image of Pods that are started on nodes; null to choose one.</param>
/// <param name="Off">Whether the module is to be switched off.</param>
public sealed record EnableOptions(IReadOnlyList<string> Roles, string? Image = null, bool Off = false);
