namespace Trunkline.Operations.Doctor.View;

/// <summary>A port that a container declares.</summary>
/// <param name="Name">Its name; null without one.</param>
/// <param name="Number">The containerPort.</param>
/// <param name="Protocol">TCP where nothing is written, as the API server's default.</param>
/// <param name="IsWritten">Whether the protocol stands in the document.</param>
internal sealed record PortView(string? Name, int Number, string Protocol, bool IsWritten);
