using Trunkline.Operations.Probes;

namespace Trunkline.Operations.Policies.Verify;

/// <summary>What a probe saw, by the words of the socket layer it used.</summary>
/// <param name="Verdict">What it means; null where the probe could not be made, and so saw nothing.</param>
/// <param name="Words">What was said.</param>
public sealed record ProbeSight(ProbeVerdict? Verdict, string Words);
