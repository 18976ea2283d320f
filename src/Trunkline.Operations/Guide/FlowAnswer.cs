using Trunkline.Operations.Probes;

namespace Trunkline.Operations.Guide;

/// <summary>What became of one attempt to connect.</summary>
/// <param name="Verdict">What it means.</param>
/// <param name="Nonce">The line that was sent if it was open.</param>
/// <param name="Words">What nc said last.</param>
internal sealed record FlowAnswer(ProbeVerdict Verdict, string Nonce, string Words);
