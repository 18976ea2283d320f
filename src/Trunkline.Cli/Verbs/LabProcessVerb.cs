using System.CommandLine;
using Trunkline.Lab.Processes;

namespace Trunkline.Cli.Verbs;

/// <summary><c>trunkline lab-process</c>: what `lab up` and nodes start. Not for people, and not shown to them.</summary>
internal static class LabProcessVerb
{
    /// <summary>The verb.</summary>
    public const string Name = "lab-process";

    public static Command Create(TimeProvider time) => new(Name, "The lab's own processes.") { Subcommands = { ControlPlane(time), NodeAgent(time), SendInitVerb.Create() } };

    private static Command ControlPlane(TimeProvider time)
    {
        var lab = new Option<string>("--lab") { Required = true };
        var command = new Command("control-plane", "API server and controllers of a lab.") { lab };
        command.SetAction((parsed, cancel) => RunAsync(stop => ControlPlaneProcess.RunAsync(parsed.GetValue(lab)!, time, stop), cancel));
        return command;
    }

    private static Command NodeAgent(TimeProvider time)
    {
        var command = new Command("node-agent", "The agent of a node; runs inside it.");
        command.SetAction((_, cancel) => RunAsync(stop => NodeAgentProcess.RunAsync(time, stop), cancel));
        return command;
    }

    // Init asks by SIGTERM, which cancels, before it kills: a node that goes down says so to its cluster.
    private static Task<int> RunAsync(Func<CancellationToken, Task> run, CancellationToken cancel) => Guarded.RunAsync(async () =>
    {
        try
        {
            await run(cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // Told to end: that is success.
        }

        return 0;
    });
}
