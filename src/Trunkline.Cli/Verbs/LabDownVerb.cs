using System.CommandLine;
using Spectre.Console;
using Trunkline.Cli.Output;
using Trunkline.Lab;

namespace Trunkline.Cli.Verbs;

/// <summary><c>trunkline lab down</c>: takes a lab down and leaves nothing of it.</summary>
internal static class LabDownVerb
{
    public static Command Create(IAnsiConsole console, TimeProvider time)
    {
        var name = CommonOptions.Name();
        var output = CommonOptions.Output();
        var command = new Command("down", "Take a lab down: every process, namespace, mount, control group and file of it, whatever was killed before.") { name, output };
        command.SetAction((parsed, cancel) => Guarded.RunAsync(async () =>
        {
            var format = parsed.GetValue(output);
            var lab = parsed.GetValue(name)!;
            var was = await new LabManager(BuildDirectory.Find(), time).DownAsync(lab, new LabProgress(console, format, time), cancel);
            if (format == OutputFormat.Json)
            {
                Json.Write(new { name = lab, was });
            }
            else if (!was)
            {
                console.MarkupLineInterpolated($"there is no lab {lab}; nothing to do");
            }

            return 0;
        }));
        return command;
    }
}
