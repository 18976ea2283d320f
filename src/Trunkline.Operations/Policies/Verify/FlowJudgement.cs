using Trunkline.Operations.Probes;

namespace Trunkline.Operations.Policies.Verify;

/// <summary>A flow, what policies say of it, and what the network did with it.</summary>
/// <param name="Probe">The flow.</param>
/// <param name="Sight">What was seen.</param>
/// <param name="Agreement">Whether the two agree.</param>
/// <param name="Why">In one sentence.</param>
public sealed record FlowJudgement(PolicyProbe Probe, ProbeSight Sight, Agreement Agreement, string Why)
{
    /// <summary>Judges.</summary>
    /// <param name="probe">The flow.</param>
    /// <param name="sight">What was seen of it.</param>
    /// <param name="listens">Whether the destination answers itself at that port; null where that is not known.</param>
    public static FlowJudgement Of(PolicyProbe probe, ProbeSight sight, bool? listens)
    {
        var (agreement, why) = (probe.Expected.Allowed, sight.Verdict) switch
        {
            (_, null) => (Agreement.Unknown, sight.Words),
            (_, ProbeVerdict.NotSupported) => (Agreement.Unknown, $"the node of {probe.Source} has no SCTP"),
            (_, ProbeVerdict.Cut) => (Agreement.Unclear, "it was established and then nothing came through: policies changed meanwhile, or the way breaks larger packets"),
            (_, ProbeVerdict.Unreachable) => (Agreement.Unclear, "a router or kernel said that the way or the protocol is closed: no SCTP on the destination's node, or no route"),
            (true, ProbeVerdict.Open) => (Agreement.Agrees, "allowed, and established"),
            (true, ProbeVerdict.Silent) => (Agreement.Differs, "policies allow it, and nobody answered"),
            (true, ProbeVerdict.Refused) when listens == true => (Agreement.Differs, "policies allow it and somebody listens, and it was refused: the network rejects it"),
            (true, _) => (Agreement.Agrees, "allowed, and answered by a refusal: nothing listens"),
            (false, ProbeVerdict.Silent) => (Agreement.Agrees, "denied, and nobody answered"),
            (false, ProbeVerdict.Refused) when listens == true => (Agreement.Agrees, "denied, and rejected: somebody listens who did not answer"),
            (false, ProbeVerdict.Refused) => (Agreement.Unclear, "policies deny it, and a refusal came: from the Pod, which it then reached, or from a plugin that rejects; with a listener it can be told"),
            _ => (Agreement.Differs, $"policies deny it, and it was established: the network does not enforce them for {Policy.Model.Protocols.Upper(probe.Protocol)}"),
        };
        return new FlowJudgement(probe, sight, agreement, why);
    }

    /// <summary>Judges all flows between different Pods; those of Pods to themselves tell who listens.</summary>
    public static IReadOnlyList<FlowJudgement> Of(IReadOnlyList<(PolicyProbe Probe, ProbeSight Sight)> seen)
    {
        var listening = seen.Where(one => one.Probe.IsSelf).ToDictionary(one => (one.Probe.Destination, one.Probe.Protocol, one.Probe.Port), one => one.Sight.Verdict switch
        {
            ProbeVerdict.Open => true,
            ProbeVerdict.Refused => false,
            _ => (bool?)null,
        });
        return
        [
            .. seen.Where(one => !one.Probe.IsSelf).Select(one => Of(one.Probe, one.Sight, listening.GetValueOrDefault((one.Probe.Destination, one.Probe.Protocol, one.Probe.Port))))
                .OrderByDescending(judgement => judgement.Agreement == Agreement.Differs).ThenBy(judgement => judgement.Agreement),
        ];
    }
}
