using System.CommandLine;
using Spectre.Console;
using Trunkline.Cli.Output;
using Trunkline.Operations.Policies;
using Trunkline.Operations.Reports;
using Trunkline.Policy.Evaluation;
using Trunkline.Policy.Model;

namespace Trunkline.Cli.Verbs;

/// <summary><c>trunkline policy explain</c>.</summary>
internal static class PolicyExplainVerb
{
    public static Command Create(IAnsiConsole console)
    {
        var source = new Argument<string>("SOURCE") { Description = "POD, NAMESPACE/POD, node/NAME or an address." };
        var destination = new Argument<string>("DESTINATION") { Description = "The same, or service/NAME, or a Service's address." };
        var port = new Argument<string>("PORT") { Description = "The destination's port: a number, or a name that it declares." };
        var protocol = CommonOptions.Protocol();
        var (objects, output) = (new ObjectsOptions(), CommonOptions.Output());
        var command = new Command("explain",
            """
            Says why policies allow or deny a flow: for each direction the tier, policy, rule, peer and port that decide. Through a Service, for each of its ready endpoints.
            Exit code 0: allowed (through a Service: to all of its endpoints); 1: denied; 7: the cluster or archive cannot be read, or has no such Pod.

            Examples:
              trunkline policy explain sctpclient sctpserver 30102 -n sctp-demo
              trunkline policy explain default/web service/sctpservice 30102 -n sctp-demo
              trunkline policy explain 192.0.2.7 sctp-demo/sctpserver 30102 --from must-gather.tar.gz
            """)
        { source, destination, port, protocol, output };
        objects.AddTo(command);
        command.SetAction((parsed, cancel) => Guarded.RunAsync(async () =>
        {
            var (read, ns) = await objects.ReadAsync(parsed, PolicyClusters.Kinds, cancel);
            var cluster = PolicyClusters.Of(read);
            var names = new FlowNames(read, cluster, ns);
            var (asked, from) = (parsed.GetValue(protocol), names.Source(parsed.GetValue(source)!));
            var answers = names.Destinations(parsed.GetValue(destination)!, parsed.GetValue(port)!, asked)
                .Select(target => (target, Verdict: PolicyEvaluator.Evaluate(cluster, from, target.End, asked, target.Port))).ToList();
            Unread.Tell(read);
            if (parsed.GetValue(output) == OutputFormat.Json)
            {
                Json.Write(PolicyJson.Explanation(from, answers, asked.Upper()));
            }
            else
            {
                answers.ForEach(answer => Print(console, from, answer.target, answer.Verdict, asked));
            }

            return answers.TrueForAll(answer => answer.Verdict.Allowed) ? 0 : 1;
        }, "nothing was changed."));
        return command;
    }

    private static void Print(IAnsiConsole console, FlowEnd source, FlowTarget target, Verdict verdict, TransportProtocol protocol)
    {
        var through = target.Through is null ? "" : $" (through {target.Through})";
        console.MarkupLine($"{Markup.Escape($"{source} to {target.End} {protocol.Upper()} {target.Port}{through}")}: {(verdict.Allowed ? "[green]allowed[/]" : "[red]denied[/]")}");
        console.MarkupLineInterpolated($"  {verdict.Egress}");
        console.MarkupLineInterpolated($"  {verdict.Ingress}");
    }
}
