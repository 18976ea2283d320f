using System.CommandLine;
using Spectre.Console;
using Trunkline.Cli.Lint;
using Trunkline.Lab;
using Trunkline.Operations.Lint.Silencing;

namespace Trunkline.Cli.Verbs;

/// <summary><c>trunkline lint</c>: finds what is wrong with manifests and pages about SCTP, and mends what can be mended safely.</summary>
internal static class LintVerb
{
    public static Command Create(IAnsiConsole console)
    {
        var paths = new Argument<string[]>("FILE") { Description = "Files (YAML, JSON, Markdown, shell), folders, or - for standard input.", Arity = ArgumentArity.ZeroOrMore };
        var cluster = new ClusterOptions();
        var live = new Option<bool>("--cluster") { Description = "Lint the cluster's own objects; with files: lint these beside the cluster's objects." };
        var from = new Option<string?>("--from") { Description = "As --cluster, from a must-gather, an oc adm inspect or a folder of objects.", HelpName = "FILE|DIR" };
        var fix = new Option<bool>("--fix") { Description = "Mend in the files what can be mended safely; comments and layout stay." };
        var diff = new Option<bool>("--diff") { Description = "Print what --fix would change, and change nothing." };
        var config = new Option<string?>("--config") { Description = $"The configuration. [default: {LintConfig.FileName} of this folder]", HelpName = "FILE" };
        var explain = new Option<string?>("--explain") { Description = "Explain a rule by its id or name; all for all of them.", HelpName = "RULE|all" };
        var output = CommonOptions.Report();
        var command = new Command("lint",
            """
            Find what is wrong with manifests, commands and pages about SCTP: forty-six rules, each with an explanation and, where it is safe, a fix.
            Exit code 0: nothing, or infos only; 1: an error; 8: warnings only; 2: wrong call or configuration; 7: cluster or archive not readable; 130: interrupted.

            Examples:
              trunkline lint manifests/ README.md
              helm template chart | trunkline lint -
              kustomize build . | trunkline lint - --output sarif
              trunkline lint --fix manifests/
              trunkline lint --cluster
              trunkline lint policy.yaml --from must-gather.tar.gz
              trunkline lint --explain SCTP002
            """)
        { paths, live, from, fix, diff, config, explain, output };
        cluster.AddTo(command);
        command.SetAction((parsed, cancel) => Guarded.RunAsync(async () =>
        {
            var run = new LintRun(console)
            {
                Paths = parsed.GetValue(paths) ?? [],
                Target = parsed.GetValue(live) || parsed.GetResult(cluster.Kubeconfig) is not null || parsed.GetResult(cluster.Context) is not null ? cluster.Target(parsed) : null,
                From = parsed.GetValue(from),
                Namespace = parsed.GetValue(cluster.Namespace),
                Fix = parsed.GetValue(fix),
                Diff = parsed.GetValue(diff),
                Config = parsed.GetValue(config),
                Format = parsed.GetValue(output),
            };
            try
            {
                return parsed.GetValue(explain) is { } rule ? LintExplainer.Explain(console, rule, run.Format) : await run.RunAsync(cancel);
            }
            catch (Exception error) when (error is LintConfigException or LintCallException)
            {
                await Console.Error.WriteLineAsync($"trunkline: {error.Message}");
                return (int)LabFailure.Usage;
            }
        }, "no file was left half-written."));
        return command;
    }
}
