using System.CommandLine;
using System.CommandLine.Parsing;
using Spectre.Console;
using Trunkline.Cli.Verbs;
using Trunkline.Lab;

namespace Trunkline.Cli;

/// <summary>All verbs, and what is said of a call that is none of them.</summary>
internal static class Root
{
    // SIGINT and SIGTERM cancel; a guide then takes its lab down, and a node agent says to its cluster that it goes. The default is 2 s.
    private static readonly InvocationConfiguration s_invocation = new() { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) };

    /// <summary>Parses and runs one call; gives its exit code.</summary>
    public static Task<int> RunAsync(string[] args, IAnsiConsole console, TextWriter errors, TimeProvider time) => InvokeAsync(args, Create(console, time), errors);

    /// <summary>The same, of a call to this one verb.</summary>
    public static Task<int> RunAsync(string[] args, Command verb, TextWriter errors) => InvokeAsync(args, new RootCommand { verb }, errors);

    private static async Task<int> InvokeAsync(string[] args, RootCommand root, TextWriter errors)
    {
        var call = root.Parse(args);
        if (call.Errors.Count == 0)
        {
            return await call.InvokeAsync(s_invocation);
        }

        var verb = Path(call.CommandResult);
        var words = args.Length == 0 ? [$"{verb} what?"] : call.Errors.Select(error => error.Message).Where(message => message.Length > 0).Distinct();
        await errors.WriteLineAsync($"trunkline: {string.Join(" ", words)} See `{verb} --help`.");
        return (int)LabFailure.Usage;
    }

    private static string Path(SymbolResult command) =>
        command is System.CommandLine.Parsing.CommandResult { Parent: { } parent, Command.Name: var name } ? $"{Path(parent)} {name}" : "trunkline";

    internal static RootCommand Create(IAnsiConsole console, TimeProvider time) => new(
        """
        SCTP for bare-metal clusters.

        Examples:
          trunkline guide                       walk the guide on a lab of its own, and prove every step
          trunkline lab up                      a Kubernetes cluster with SCTP inside this machine
          kubectl --kubeconfig <(trunkline lab kubeconfig) get nodes
          trunkline lab down
          trunkline lint manifests/             what is wrong with manifests, commands and pages about SCTP
          trunkline doctor                      what stops SCTP on the cluster of your kubeconfig
          trunkline enable --dry-run            how SCTP would be switched on there
          trunkline policy diff policy.yaml     what a change of policies would open or cut there
        """)
    {
        GuideVerb.Create(console, time),
        LabVerb.Create(console, time),
        LintVerb.Create(console),
        DoctorVerb.Create(console, time),
        ModuleVerb.Enable(console, time),
        ModuleVerb.Disable(console, time),
        PolicyVerb.Create(console),
        RbacVerb.Create(),
        CompletionVerb.Create(),
    };
}
