using System.CommandLine;
using System.Text.Json;
using Spectre.Console;
using Trunkline.Cli.Guide;
using Trunkline.Cli.Output;
using Trunkline.Lab;
using Trunkline.Operations.Guide;

namespace Trunkline.Cli.Verbs;

/// <summary><c>trunkline guide</c>: walks the guide and proves every step.</summary>
internal static class GuideVerb
{
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    public static Command Create(IAnsiConsole console, TimeProvider time)
    {
        var name = new Option<string>("--name") { Description = "The name of the lab that is made for the walk.", DefaultValueFactory = _ => "guide" };
        var workers = CommonOptions.Number("--workers", 1, LabOptions.MaximumWorkers, "How many workers the lab has; 2 if not said.");
        var keep = new Option<bool>("--keep") { Description = "Leave the lab up." };
        var pcap = new Option<DirectoryInfo?>("--pcap") { Description = "Keep the captures in this directory." };
        var output = CommonOptions.Output();
        var command = new Command("guide",
            """
            Walk the guide to SCTP on a cluster, step by step, on a lab of its own, and prove each step by packets.
            Exit code 0: every step was proven; 1: one was not.

            Examples:
              trunkline guide
              trunkline guide --output json
              trunkline guide --keep --pcap captures
            """)
        { name, workers, keep, pcap, output };
        command.SetAction((parsed, cancel) => Guarded.RunAsync(async () =>
        {
            var format = parsed.GetValue(output);
            var kept = parsed.GetValue(pcap);
            var captures = Captures(kept);
            try
            {
                var options = new LabOptions { Name = parsed.GetValue(name)!, Workers = parsed.GetValue(workers) };
                var guide = new GuideOptions(captures.FullName, KeepCaptures: kept is not null);
                var report = await new GuideWalk(console, time, format).RunAsync(options, guide, parsed.GetValue(keep), cancel);
                Print(console, report, format);
                return report.Passed ? 0 : 1;
            }
            finally
            {
                if (kept is null)
                {
                    captures.Delete(recursive: true);
                }
            }
        }));
        return command;
    }

    private static DirectoryInfo Captures(DirectoryInfo? kept)
    {
        try
        {
            kept?.Create();
            return kept ?? Directory.CreateTempSubdirectory("trunkline-guide-");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LabException($"captures cannot be kept in {kept?.FullName ?? Path.GetTempPath()} ({error.Message}); name another directory with --pcap.", LabFailure.Usage, error);
        }
    }

    private static void Print(IAnsiConsole console, GuideReport report, OutputFormat format)
    {
        if (format == OutputFormat.Json)
        {
            Console.Out.WriteLine(report.ToJson().ToJsonString(s_indented));
            return;
        }

        var proven = report.Steps.Count(s => s.Passed);
        console.WriteLine(FormattableString.Invariant($"{proven} of {GuideRunner.StepCount} steps proven in {report.Steps.Sum(s => s.Seconds):0.0} s"));
    }
}
