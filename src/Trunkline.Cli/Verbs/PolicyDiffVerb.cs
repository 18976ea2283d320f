using System.CommandLine;
using System.Text.Json.Nodes;
using Spectre.Console;
using Trunkline.Cli.Output;
using Trunkline.Operations.Cluster;
using Trunkline.Operations.Manifests;
using Trunkline.Operations.Policies;
using Trunkline.Operations.Reports;

namespace Trunkline.Cli.Verbs;

/// <summary><c>trunkline policy diff</c>.</summary>
internal static class PolicyDiffVerb
{
    public static Command Create(IAnsiConsole console)
    {
        var files = new Argument<string[]>("FILE") { Description = "Manifests that are to be applied: policies; labels of namespaces and Pods. - is standard input.", Arity = ArgumentArity.ZeroOrMore };
        var delete = new Option<string[]>("--delete") { Description = "Manifests of what is to be deleted.", HelpName = "FILE", AllowMultipleArgumentsPerToken = false };
        var limit = CommonOptions.Number("--limit", 1, 1_000_000, "How many flows are told, with their reasons; all are counted. [default: 100]");
        var protocol = CommonOptions.Protocol();
        var (objects, output) = (new ObjectsOptions(), CommonOptions.Output());
        var command = new Command("diff",
            """
            What a change of policies would open or cut, before it is applied: every pair of Pods, and Pods with outside addresses, at every port at which verdicts differ.
            Exit code 0: nothing changes; 1: something does; 7: the cluster, archive or manifests cannot be read.

            Examples:
              trunkline policy diff new-policy.yaml
              trunkline policy diff --delete old-policy.yaml new-policy.yaml
              kubectl kustomize . | trunkline policy diff - --from must-gather
            """)
        { files, delete, limit, protocol, output };
        objects.AddTo(command);
        command.SetAction((parsed, cancel) => Guarded.RunAsync(async () =>
        {
            var (applied, deleted) = (await ReadAsync(parsed.GetValue(files) ?? [], cancel), await ReadAsync(parsed.GetValue(delete) ?? [], cancel));
            if (applied.Count + deleted.Count == 0)
            {
                throw new ClusterException("nothing is to change: name a manifest, or one with --delete.");
            }

            var (before, ns) = await objects.ReadAsync(parsed, PolicyClusters.Kinds, cancel);
            var passedOver = new List<string>();
            var after = ObjectChanges.Apply(ObjectChanges.Delete(before, deleted, ns, passedOver), applied, ns, passedOver);
            var (now, then, asked) = (PolicyClusters.Of(before), PolicyClusters.Of(after), parsed.GetValue(protocol));
            var diff = new PolicyDiff(now, then);
            var told = diff.Compare(PortQuestions.Whole([(before, now), (after, then)], asked), parsed.GetValue(limit) ?? 100);
            Unread.Tell(before);
            if (parsed.GetValue(output) == OutputFormat.Json)
            {
                Json.Write(PolicyJson.Difference(diff, told, passedOver));
            }
            else
            {
                Print(console, diff, told, passedOver);
            }

            return diff.Count == (0, 0) ? 0 : 1;
        }, "nothing was changed."));
        return command;
    }

    private static async Task<List<JsonObject>> ReadAsync(IEnumerable<string> files, CancellationToken cancel)
    {
        var objects = new List<JsonObject>();
        foreach (var file in files)
        {
            try
            {
                objects.AddRange(Manifest.ParseAll(file == "-" ? await Console.In.ReadToEndAsync(cancel) : await File.ReadAllTextAsync(file, cancel)));
            }
            catch (Exception error) when (error is ManifestException or IOException or UnauthorizedAccessException)
            {
                throw new ClusterException($"{file}: {error.Message}", error);
            }
        }

        return objects;
    }

    private static void Print(IAnsiConsole console, PolicyDiff diff, IReadOnlyList<FlowDifference> told, List<string> passedOver)
    {
        foreach (var flow in told)
        {
            var (word, colour) = flow.Opens ? ("opens", "green") : ("cuts", "red");
            var family = flow.Family is { } one ? $" ({(one == System.Net.Sockets.AddressFamily.InterNetwork ? "IPv4" : "IPv6")} only)" : "";
            console.MarkupLine($"[{colour}]{word}[/] {Markup.Escape($"{flow.Source} to {flow.Destination}{family}, {string.Join(", ", flow.Ports)}")}");

            // Of the two directions, the one that denies it, now or then.
            var denies = flow.Opens ? flow.Before : flow.After;
            var (now, then) = denies.Egress.Allowed ? (flow.Before.Ingress, flow.After.Ingress) : (flow.Before.Egress, flow.After.Egress);
            console.MarkupLineInterpolated($"    now  {now}");
            console.MarkupLineInterpolated($"    then {then}");
        }

        if (passedOver.Count > 0)
        {
            console.MarkupLineInterpolated($"passed over, for verdicts do not depend on them: {string.Join(", ", passedOver)}");
        }

        var rest = diff.Count.Opened + diff.Count.Cut - told.Count;
        console.MarkupLineInterpolated($"{diff.Count.Opened} pairs opened, {diff.Count.Cut} cut{(rest > 0 ? $"; {rest} of them not shown (--limit)" : "")}");
    }
}
