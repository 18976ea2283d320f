namespace Trunkline.ApiServer.Kinds;

/// <summary>A column of a meta.k8s.io Table. Priority 0 is always shown, 1 with <c>-o wide</c>.</summary>
public sealed record TableColumn(string Name, string Type, string Description, int Priority = 0, string Format = "");
