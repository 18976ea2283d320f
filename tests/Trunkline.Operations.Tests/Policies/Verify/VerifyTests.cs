using Trunkline.Operations.Cluster;
using Trunkline.Operations.Policies;
using Trunkline.Operations.Policies.Verify;
using Trunkline.Operations.Probes;
using Xunit;

namespace Trunkline.Operations.Tests.Policies.Verify;

public sealed class VerifyTests
{
    private static readonly IReadOnlyList<PolicyProbe> s_plan = Plan();

    [Fact]
    public void The_plan_tries_declared_SCTP_ports_over_SCTP_and_TCP_and_asks_who_listens() => Assert.Equal(
        [
            "sctp-demo/sctpserver to sctp-demo/sctpserver SCTP 30102", "sctp-demo/sctpserver to sctp-demo/sctpserver TCP 30102",
            "sctp-demo/sctpclient to sctp-demo/sctpserver SCTP 30102", "sctp-demo/sctpclient to sctp-demo/sctpserver TCP 30102",
            "default/stranger to sctp-demo/sctpserver SCTP 30102", "default/stranger to sctp-demo/sctpserver TCP 30102",
        ], s_plan.Select(probe => $"{probe}"));

    // What policies say, what was seen, whether the destination answers itself: what is said of the network.
    [Theory]
    [InlineData(true, "Open", true, "Agrees")]
    [InlineData(true, "Refused", false, "Agrees")]
    [InlineData(true, "Refused", null, "Agrees")]
    [InlineData(true, "Refused", true, "Differs")]
    [InlineData(true, "Silent", true, "Differs")]
    [InlineData(true, "Silent", null, "Differs")]
    [InlineData(false, "Silent", true, "Agrees")]
    [InlineData(false, "Silent", null, "Agrees")]
    [InlineData(false, "Open", true, "Differs")]
    [InlineData(false, "Open", null, "Differs")]
    [InlineData(false, "Refused", true, "Agrees")]
    [InlineData(false, "Refused", false, "Unclear")]
    [InlineData(false, "Refused", null, "Unclear")]
    [InlineData(true, "NotSupported", true, "Unknown")]
    [InlineData(false, "NotSupported", true, "Unknown")]
    [InlineData(false, "Unreachable", true, "Unclear")]
    [InlineData(true, "Cut", true, "Unclear")]
    [InlineData(true, null, true, "Unknown")]
    public void What_was_seen_is_held_against_what_policies_say(bool allowed, string? seen, bool? listens, string agreement)
    {
        var probe = s_plan.First(one => !one.IsSelf && one.Expected.Allowed == allowed);
        var sight = new ProbeSight(seen is null ? null : Enum.Parse<ProbeVerdict>(seen), "words");
        Assert.Equal(agreement, FlowJudgement.Of(probe, sight, listens).Agreement.ToString());
    }

    [Fact]
    public void A_network_that_opens_TCP_with_a_policy_for_SCTP_is_caught_first()
    {
        var seen = s_plan.Select(probe => (probe, new ProbeSight(probe.IsSelf || $"{probe.Source}" == "sctp-demo/sctpclient" ? ProbeVerdict.Open : ProbeVerdict.Silent, "Connected"))).ToList();
        var judgements = FlowJudgement.Of(seen);
        var caught = Assert.Single(judgements, one => one.Agreement == Agreement.Differs);
        Assert.Same(caught, judgements[0]);
        Assert.Equal("sctp-demo/sctpclient to sctp-demo/sctpserver TCP 30102", $"{caught.Probe}");
        Assert.Contains("does not enforce them for TCP", caught.Why, StringComparison.Ordinal);
        Assert.Equal(4, judgements.Count);
    }

    [Fact]
    public void What_the_shell_prints_is_read_and_what_it_does_not_print_is_unknown()
    {
        var script = PodProber.Script([.. s_plan.Take(2)], 3);
        Assert.Contains("nc -z -v -w 3 --sctp 10.128.0.2 30102", script, StringComparison.Ordinal);
        Assert.Contains("nc -z -v -w 3 10.128.0.2 30102", script, StringComparison.Ordinal);
        var seen = PodProber.Read(new ExecResult(0, "#1 1 Ncat: Connection refused.\n#0 0 Ncat: Connected to 10.128.0.2:30102. Ncat: 0 bytes sent\n#9 0 Ncat: Connected to x\nnoise\n#3 127 sh: nc: not found\n", ""), 5);
        Assert.Equal([ProbeVerdict.Open, ProbeVerdict.Refused, null, null, null], seen.Select(sight => sight.Verdict));
        Assert.Contains("nc: not found", seen[3].Words, StringComparison.Ordinal);
        Assert.Contains("did not run", seen[4].Words, StringComparison.Ordinal);
    }

    private static IReadOnlyList<PolicyProbe> Plan()
    {
        var objects = Demo.Objects(Demo.AllowClient);
        return ProbePlan.Of(objects, PolicyClusters.Of(objects), null, []);
    }
}
