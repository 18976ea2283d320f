using System.CommandLine;
using Spectre.Console;
using Trunkline.Cli.Output;
using Trunkline.Lab;

namespace Trunkline.Cli.Verbs;

/// <summary><c>trunkline lab up</c>: brings a lab up, or repairs what of it is dead.</summary>
internal static class LabUpVerb
{
    public static Command Create(IAnsiConsole console, TimeProvider time)
    {
        var name = CommonOptions.Name();
        var workers = CommonOptions.Number("--workers", 0, LabOptions.MaximumWorkers, "How many workers; 2 if not said.");
        var port = CommonOptions.Number("--port", 1, ushort.MaxValue, "The API server's port on 127.0.0.1; 6443, or the next one free, if not said.");
        var timeout = CommonOptions.Number("--timeout", 1, 3600, "Seconds to wait for all nodes to be Ready; 60 if not said.");
        var output = CommonOptions.Output();
        var command = new Command("up",
            """
            Bring a lab up; on a lab that is up already, start again what has died.

            Examples:
              trunkline lab up
              trunkline lab up --name second --workers 1
            """)
        { name, workers, port, timeout, output };
        command.SetAction((parsed, cancel) => Guarded.RunAsync(async () =>
        {
            var format = parsed.GetValue(output);
            var progress = new LabProgress(console, format, time);
            var options = new LabOptions
            {
                Name = parsed.GetValue(name)!,
                Workers = parsed.GetValue(workers),
                Port = parsed.GetValue(port),
                Timeout = TimeSpan.FromSeconds(parsed.GetValue(timeout) ?? 60),
            };
            var lab = await new LabManager(BuildDirectory.Find(), time).UpAsync(options, progress, cancel);
            Print(console, lab, format, progress.Seconds);
            return 0;
        }));
        return command;
    }

    private static void Print(IAnsiConsole console, LabHandle lab, OutputFormat format, double seconds)
    {
        if (format == OutputFormat.Json)
        {
            Json.Write(new { lab.Name, server = lab.Server.ToString().TrimEnd('/'), kubeconfig = lab.KubeconfigPath, lab.Nodes, seconds });
            return;
        }

        console.MarkupLineInterpolated($"[green]lab {lab.Name} is up[/]: {lab.Nodes.Count} nodes Ready after {seconds:0.00} s");
        console.WriteLine($"  export KUBECONFIG={lab.KubeconfigPath}");
    }
}
