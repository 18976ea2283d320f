using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Spectre.Console;
using Trunkline.Cli.Enable;
using Trunkline.Operations.Enable;

namespace Trunkline.Cli.Verbs;

/// <summary><c>trunkline enable</c> and <c>trunkline disable</c>: switch SCTP on or off on a cluster's nodes, and prove it.</summary>
internal static class ModuleVerb
{
    private const string ExitCodes = """

        Exit code 0: done and proven on every node (with --dry-run: nothing stands in the way); 1: not done, or not proven; 2: wrong call, or not confirmed; 7: the cluster could
        not be asked, or a right is missing; 130: interrupted (what was applied goes on by itself; the same call goes on waiting).
        """;

    public static Command Enable(IAnsiConsole console, TimeProvider time) => Create("enable",
        """
        Switch SCTP on on a cluster's nodes, and prove it on each.
        OpenShift: one MachineConfig for each pool that needs one; nodes are drained and rebooted by the Machine Config Operator. Other clusters: a DaemonSet that loads the module and
        persists it, or the exact instructions where only the platform can. What will change, what is lost, and what stands in the way is said before.

        Examples:
          trunkline enable --dry-run                     what would happen
          trunkline enable                               ask, do it, wait, prove it
          trunkline enable --yes -o json                 in a pipeline
          trunkline enable --dry-run -o yaml > sctp.yaml the manifests, for GitOps
          trunkline enable --role master --role worker   nodes of the control plane too
          trunkline enable --dry-run --from must-gather  plan from an archive
        """ + ExitCodes, off: false, console, time);

    public static Command Disable(IAnsiConsole console, TimeProvider time) => Create("disable",
        """
        Switch SCTP off again on a cluster's nodes, and prove it on each.
        Deletes the MachineConfigs that do nothing but load SCTP (the operator puts the blacklist back, and reboots), or has the DaemonSet take back what it did.

        Examples:
          trunkline disable --dry-run
          trunkline disable --yes
        """ + ExitCodes, off: true, console, time);

    private static Command Create(string name, string description, bool off, IAnsiConsole console, TimeProvider time)
    {
        var cluster = new ClusterOptions();
        var role = new Option<string[]>("--role") { Description = "A pool or node role (worker, master, a custom one); may be repeated. [default: those whose nodes run workloads]", HelpName = "ROLE", DefaultValueFactory = _ => [] };
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would be done, and do nothing." };
        var output = Output();
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask." };
        var force = new Option<bool>("--force") { Description = "Go on in spite of errors (a budget that blocks a drain, a paused pool)." };
        var timeout = Timeout();
        var image = new Option<string?>("--image") { Description = "The image of Pods that look at nodes and load the module: any with sh, cat, grep, chroot. [default: one that the nodes have]", HelpName = "IMAGE" };
        var from = new Option<string?>("--from") { Description = "Plan for the cluster of this must-gather, folder or file; with --dry-run.", HelpName = "FILE|DIR" };
        var command = new Command(name, description) { role, dryRun, output, yes, force, timeout, image, from };
        cluster.AddTo(command);
        command.Validators.Add(result =>
        {
            if (!result.GetValue(dryRun) && (result.GetValue(from) is not null || result.GetValue(output) == ModuleFormat.Yaml))
            {
                result.AddError(result.GetValue(from) is not null ? "--from needs --dry-run: an archive cannot be changed." : "--output yaml needs --dry-run: it prints manifests and applies none.");
            }
        });
        command.SetAction((parsed, cancel) => Guarded.RunAsync(
            () => new ModuleWalk(console, time, new ModuleCall(cluster.Target(parsed), parsed.GetValue(from), new EnableOptions(parsed.GetValue(role)!, parsed.GetValue(image), off), parsed.GetValue(output),
                parsed.GetValue(dryRun), parsed.GetValue(yes), parsed.GetValue(force), parsed.GetValue(timeout))).RunAsync(cancel),
            $"what was applied goes on by itself; `trunkline {name}` goes on waiting from here."));
        return command;
    }

    private static Option<ModuleFormat> Output() => new("--output", "-o")
    {
        Description = "text for people, json for programs, yaml for the manifests (with --dry-run). [default: text]",
        HelpName = "text|json|yaml",
        CustomParser = result => result.Tokens[0].Value switch
        {
            "text" => ModuleFormat.Text,
            "json" => ModuleFormat.Json,
            "yaml" => ModuleFormat.Yaml,
            var other => Refuse<ModuleFormat>(result, $"--output is text, json or yaml, not \"{other}\"."),
        },
    };

    private static Option<TimeSpan?> Timeout() => new("--timeout")
    {
        Description = "How long to wait for the nodes, such as 90s, 45m or 2h. [default: a quarter of an hour for each node in turn]",
        HelpName = "TIME",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            double? seconds = text is [.., var last] ? last switch { 's' => 1, 'm' => 60, 'h' => 3600, _ => null } : null;
            return seconds is { } unit && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 100_000
                ? TimeSpan.FromSeconds(number * unit)
                : Refuse<TimeSpan?>(result, $"--timeout is a whole number with s, m or h, such as 45m, not \"{text}\".");
        },
    };

    private static T? Refuse<T>(ArgumentResult result, string message)
    {
        result.AddError(message);
        return default;
    }
}
