using System.CommandLine;
using System.Net.Sockets;
using Spectre.Console;
using Trunkline.Cli.Output;
using Trunkline.Operations.Policies;
using Trunkline.Operations.Reports;
using Trunkline.Policy.Compiled;

namespace Trunkline.Cli.Verbs;

/// <summary><c>trunkline policy matrix</c>.</summary>
internal static class PolicyMatrixVerb
{
    // More columns than these are no table any more: rows that say the same are told once.
    private const int MostColumns = 26;

    public static Command Create(IAnsiConsole console)
    {
        var port = CommonOptions.Number("--port", 1, 65535, "The port. [default: each port of the protocol that some Pod declares]");
        var protocol = CommonOptions.Protocol();
        var six = new Option<bool>("--ipv6", "-6") { Description = "By the Pods' IPv6 addresses." };
        var (objects, output) = (new ObjectsOptions(), CommonOptions.Output());
        var command = new Command("matrix",
            """
            Who reaches whom, by policies alone: every Pod with every other, at a port. With --namespace only Pods of that one.
            Exit code 0; 7: the cluster or archive cannot be read.

            Examples:
              trunkline policy matrix -n sctp-demo --port 30102
              trunkline policy matrix --protocol TCP --port 8080 --output json
              trunkline policy matrix --from must-gather
            """)
        { port, protocol, six, output };
        objects.AddTo(command);
        command.SetAction((parsed, cancel) => Guarded.RunAsync(async () =>
        {
            var (read, _) = await objects.ReadAsync(parsed, PolicyClusters.Kinds, cancel);
            var (policies, asked) = (CompiledPolicies.Compile(PolicyClusters.Of(read)), parsed.GetValue(protocol));
            var declared = PortQuestions.Declared(read, asked);
            IReadOnlyList<PortQuestion> questions = parsed.GetValue(port) is { } number ? [new PortQuestion(asked, number)]
                : declared.Count > 0 ? declared : PortQuestions.Whole([(read, policies.Cluster)], asked);
            var family = parsed.GetValue(six) ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;
            var matrices = questions.Select(question => ReachMatrix.Of(policies, question, family, objects.Namespace(parsed))).ToList();
            Unread.Tell(read);
            if (parsed.GetValue(output) == OutputFormat.Json)
            {
                Json.Write(PolicyJson.Matrices(matrices));
            }
            else
            {
                matrices.ForEach(matrix => Print(console, matrix));
            }

            return 0;
        }, "nothing was changed."));
        return command;
    }

    private static void Print(IAnsiConsole console, ReachMatrix matrix)
    {
        console.MarkupLineInterpolated($"[bold]{matrix.Question}[/]: {matrix.Count.Allowed} of {matrix.Count.Pairs} pairs of {matrix.Pods.Count} Pods may talk");
        if (matrix.Pods.Count > MostColumns || !console.Profile.Out.IsTerminal)
        {
            foreach (var same in matrix.Rows.Select((row, place) => (row, place)).GroupBy(pair => PolicyJson.Ranges(pair.row), StringComparer.Ordinal))
            {
                console.MarkupLineInterpolated($"  {string.Join(", ", same.Select(pair => $"{matrix.Pods[pair.place]}"))}");
                var row = same.First().row;
                console.MarkupLineInterpolated($"    to {(row.Count == matrix.Pods.Count ? "all" : row.Count <= 1 ? "nobody else" : string.Join(", ", row.Select(place => $"{matrix.Pods[place]}")))}");
            }

            return;
        }

        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumn("from \\ to");
        for (var column = 0; column < matrix.Pods.Count; column++)
        {
            table.AddColumn($"{(char)('A' + column)}");
        }

        for (var place = 0; place < matrix.Pods.Count; place++)
        {
            var reached = matrix.Rows[place].ToHashSet();
            table.AddRow([$"{(char)('A' + place)} {Markup.Escape($"{matrix.Pods[place]}")}", .. Enumerable.Range(0, matrix.Pods.Count).Select(column => column == place ? "[grey]·[/]" : reached.Contains(column) ? "[green]✓[/]" : "[red]✗[/]")]);
        }

        console.Write(table);
    }
}
