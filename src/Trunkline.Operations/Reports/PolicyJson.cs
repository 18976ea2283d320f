using System.Text.Json.Nodes;
using Trunkline.Operations.Policies;
using Trunkline.Operations.Policies.Verify;
using Trunkline.Policy.Evaluation;

namespace Trunkline.Operations.Reports;

/// <summary>What <c>trunkline policy</c> says, as JSON of <c>trunkline/v1</c>.</summary>
public static class PolicyJson
{
    /// <summary>The answer of <c>policy explain</c>.</summary>
    public static JsonObject Explanation(FlowEnd source, IReadOnlyList<(FlowTarget Target, Verdict Verdict)> answers, string protocol) => new()
    {
        ["apiVersion"] = FindingsJson.ApiVersion,
        ["kind"] = "PolicyExplanation",
        ["source"] = $"{source}",
        ["protocol"] = protocol,
        ["flows"] = new JsonArray([.. answers.Select(answer => new JsonObject
        {
            ["destination"] = $"{answer.Target.End}",
            ["port"] = answer.Target.Port,
            ["through"] = answer.Target.Through,
            ["allowed"] = answer.Verdict.Allowed,
            ["egress"] = Direction(answer.Verdict.Egress),
            ["ingress"] = Direction(answer.Verdict.Ingress),
        })]),
    };

    /// <summary>The answer of <c>policy matrix</c>: Pods by their places, and for each source the ranges of places that it reaches.</summary>
    public static JsonObject Matrices(IReadOnlyList<ReachMatrix> matrices) => new()
    {
        ["apiVersion"] = FindingsJson.ApiVersion,
        ["kind"] = "PolicyMatrix",
        ["matrices"] = new JsonArray([.. matrices.Select(matrix => new JsonObject
        {
            ["protocol"] = matrix.Question.Protocol.ToString().ToUpperInvariant(),
            ["port"] = matrix.Question.Port,
            ["anyOtherPort"] = matrix.Question.IsAnyOther,
            ["family"] = matrix.Family == System.Net.Sockets.AddressFamily.InterNetwork ? "IPv4" : "IPv6",
            ["allowedPairs"] = matrix.Count.Allowed,
            ["pairs"] = matrix.Count.Pairs,
            ["pods"] = new JsonArray([.. matrix.Pods.Select(pod => (JsonNode)$"{pod}")]),
            ["reaches"] = new JsonArray([.. matrix.Rows.Select(row => (JsonNode)Ranges(row))]),
        })]),
    };

    /// <summary>The answer of <c>policy diff</c>.</summary>
    public static JsonObject Difference(PolicyDiff diff, IReadOnlyList<FlowDifference> told, IEnumerable<string> passedOver) => new()
    {
        ["apiVersion"] = FindingsJson.ApiVersion,
        ["kind"] = "PolicyDiff",
        ["opened"] = diff.Count.Opened,
        ["cut"] = diff.Count.Cut,
        ["passedOver"] = new JsonArray([.. passedOver.Select(what => (JsonNode)what)]),
        ["flows"] = new JsonArray([.. told.Select(flow => new JsonObject
        {
            ["change"] = flow.Opens ? "opened" : "cut",
            ["source"] = $"{flow.Source}",
            ["destination"] = $"{flow.Destination}",
            ["family"] = flow.Family switch { null => null, System.Net.Sockets.AddressFamily.InterNetwork => "IPv4", _ => "IPv6" },
            ["ports"] = new JsonArray([.. flow.Ports.Select(port => (JsonNode)$"{port}")]),
            ["before"] = new JsonObject { ["egress"] = Direction(flow.Before.Egress), ["ingress"] = Direction(flow.Before.Ingress) },
            ["after"] = new JsonObject { ["egress"] = Direction(flow.After.Egress), ["ingress"] = Direction(flow.After.Ingress) },
        })]),
    };

    /// <summary>The answer of <c>policy verify</c>.</summary>
    public static JsonObject Verification(IReadOnlyList<FlowJudgement> judgements) => new()
    {
        ["apiVersion"] = FindingsJson.ApiVersion,
        ["kind"] = "PolicyVerification",
        ["summary"] = new JsonObject(Enum.GetValues<Agreement>().Select(agreement => KeyValuePair.Create(agreement.ToString().ToLowerInvariant(), (JsonNode?)judgements.Count(one => one.Agreement == agreement)))),
        ["flows"] = new JsonArray([.. judgements.Select(one => new JsonObject
        {
            ["source"] = $"{one.Probe.Source}",
            ["destination"] = $"{one.Probe.Destination}",
            ["address"] = $"{one.Probe.Address}",
            ["protocol"] = one.Probe.Protocol.ToString().ToUpperInvariant(),
            ["port"] = one.Probe.Port,
            ["expected"] = one.Probe.Expected.Allowed ? "allowed" : "denied",
            ["observed"] = one.Sight.Verdict?.ToString().ToLowerInvariant(),
            ["witness"] = one.Sight.Verdict is null ? null : "socket",
            ["agreement"] = one.Agreement.ToString().ToLowerInvariant(),
            ["why"] = one.Why,
            ["words"] = one.Sight.Words,
            ["egress"] = Direction(one.Probe.Expected.Egress),
            ["ingress"] = Direction(one.Probe.Expected.Ingress),
        })]),
    };

    /// <summary>Places as ranges: <c>0-4,7</c>.</summary>
    public static string Ranges(IReadOnlyList<int> places)
    {
        var ranges = new List<string>();
        for (var start = 0; start < places.Count;)
        {
            var end = start;
            while (end + 1 < places.Count && places[end + 1] == places[end] + 1)
            {
                end++;
            }

            ranges.Add(start == end ? $"{places[start]}" : $"{places[start]}-{places[end]}");
            start = end + 1;
        }

        return string.Join(',', ranges);
    }

    private static JsonObject Direction(DirectionVerdict verdict) => new()
    {
        ["allowed"] = verdict.Allowed,
        ["reason"] = verdict.Reason.ToString(),
        ["policy"] = verdict.Policy?.ToString() ?? verdict.ClusterRule?.Policy.ToString(),
        ["rule"] = verdict.Rule ?? verdict.ClusterRule?.RuleIndex,
        ["peer"] = verdict.Peer ?? verdict.ClusterRule?.Peer,
        ["port"] = verdict.Port ?? verdict.ClusterRule?.Port,
        ["isolating"] = new JsonArray([.. verdict.Isolating.Select(policy => (JsonNode)$"{policy}")]),
        ["text"] = $"{verdict}",
    };
}
