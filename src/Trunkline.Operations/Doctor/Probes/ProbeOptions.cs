namespace Trunkline.Operations.Doctor.Probes;

/// <summary>What probes may do.</summary>
/// <param name="Active">Open SCTP sockets, which may load the module (<c>--active</c>).</param>
/// <param name="MakePods">Make a short-lived Pod on nodes whose own files no Pod shows (<c>--probe</c>).</param>
public sealed record ProbeOptions(bool Active, bool MakePods);
