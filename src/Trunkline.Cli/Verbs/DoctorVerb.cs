using System.CommandLine;
using Spectre.Console;
using Trunkline.Cli.Output;
using Trunkline.Operations.Cluster;
using Trunkline.Operations.Doctor;
using Trunkline.Operations.Doctor.Facts;
using Trunkline.Operations.Doctor.Probes;
using Trunkline.Operations.Objects;

namespace Trunkline.Cli.Verbs;

/// <summary><c>trunkline doctor</c>: what stops SCTP here.</summary>
internal static class DoctorVerb
{
    public static Command Create(IAnsiConsole console, TimeProvider time)
    {
        var cluster = new ClusterOptions();
        var resource = new Argument<string?>("RESOURCE") { Description = $"What to narrow it to: {ResourceName.Known}.", Arity = ArgumentArity.ZeroOrOne };
        resource.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && ResourceName.Parse(result.Tokens[0].Value, "default") is null)
            {
                result.AddError($"\"{result.Tokens[0].Value}\" names no resource that doctor narrows to; it is one of {ResourceName.Known}.");
            }
        });
        var from = new Option<string?>("--from") { Description = "Read a must-gather, an `oc adm inspect` or a folder, tar or file of objects, and no cluster.", HelpName = "FILE|DIR" };
        var output = CommonOptions.Report();
        var active = new Option<bool>("--active") { Description = "Also open an SCTP socket in SCTP Pods, which may load the module on their nodes." };
        var probe = new Option<bool>("--probe") { Description = "Also make a short-lived Pod on each node whose files and conntrack no Pod shows; it is taken away again." };
        var command = new Command("doctor", """
            Find what stops SCTP in a cluster, from its objects and from what its Pods can see: the object at fault, the evidence, the fix.

            Changes nothing: kernels are read from /proc, and no SCTP socket is opened (that could load the module).

            Examples:
              trunkline doctor                                  the cluster of the kubeconfig
              trunkline doctor service/server -n sctp-demo      what concerns one Service: its Pods, their nodes and policies
              trunkline doctor --from must-gather.tar.gz        an archive, without the cluster
              trunkline doctor -o sarif > doctor.sarif

            Exit code 0: nothing wrong; 1: errors; 8: warnings only; 7: the cluster or archive cannot be read; 2: wrong call; 130: interrupted.
            """)
        { resource, from, active, probe, output };
        cluster.AddTo(command);
        command.SetAction((parsed, cancel) => Guarded.RunAsync(async () =>
        {
            var target = cluster.Target(parsed);
            var archive = parsed.GetValue(from);
            using var api = archive is null ? new ClusterApi(target) : null;
            var name = parsed.GetValue(resource) is { } text ? ResourceName.Parse(text, api?.Namespace ?? target.Namespace ?? "default") : null;
            var objects = api is null ? await ArchiveObjects.ReadAsync(archive!, null, cancel) : await LiveObjects.ReadAsync(api, DoctorChecks.Kinds, null, null, cancel);
            var facts = api is null
                ? new ProbeFacts { NotLooked = [$"{archive} holds objects only: kernels, listeners and conntrack of nodes were not looked at."] }
                : await new ClusterProbes(api, new ProbeOptions(parsed.GetValue(active), parsed.GetValue(probe)), time).LookAsync(objects, name, null, cancel);
            var findings = DoctorExamination.Examine(objects, facts, name);
            FindingsPrinter.Print(console, "doctor", DoctorChecks.Rules, findings, parsed.GetValue(output));
            return FindingsPrinter.ExitCode(findings);
        }, "nothing was changed."));
        return command;
    }
}
