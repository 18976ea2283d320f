namespace Trunkline.ApiServer.Kinds;

/// <summary>A subresource as discovery names it.</summary>
/// <param name="Name">Such as <c>status</c> or <c>exec</c>.</param>
/// <param name="Kind">The kind it answers with or takes.</param>
/// <param name="Verbs">What may be done.</param>
/// <param name="Group">Group of the kind, where it is not the parent's.</param>
/// <param name="Version">Version of the kind, where it is not the parent's.</param>
public sealed record SubresourceKind(string Name, string Kind, IReadOnlyList<string> Verbs, string? Group = null, string? Version = null)
{
    public static SubresourceKind Scale { get; } = new("scale", "Scale", ["get", "patch", "update"], "autoscaling", "v1");

    public static SubresourceKind Status(string kind) => new("status", kind, ["get", "patch", "update"]);
}
