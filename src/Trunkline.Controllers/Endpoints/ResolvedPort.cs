namespace Trunkline.Controllers.Endpoints;

/// <summary>A Service's port as one Pod serves it: a named targetPort may be another number in each Pod.</summary>
internal sealed record ResolvedPort(string Name, int Port, string Protocol, string? AppProtocol);
