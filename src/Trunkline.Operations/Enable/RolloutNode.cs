namespace Trunkline.Operations.Enable;

/// <summary>A node in the table of a roll-out.</summary>
/// <param name="Name">The node.</param>
/// <param name="Current">The rendered configuration it has.</param>
/// <param name="Desired">The one it is to have.</param>
/// <param name="State">Its daemon's word, with the reason where it gives one.</param>
/// <param name="Ready">Whether its kubelet is Ready.</param>
/// <param name="Cordoned">Whether it is cordoned.</param>
/// <param name="Updated">Whether it has the pool's target, is Ready, and takes work.</param>
public sealed record RolloutNode(string Name, string? Current, string? Desired, string State, bool Ready, bool Cordoned, bool Updated);
