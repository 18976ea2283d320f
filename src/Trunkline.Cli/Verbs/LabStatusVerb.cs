using System.CommandLine;
using Spectre.Console;
using Trunkline.Cli.Output;
using Trunkline.Lab;

namespace Trunkline.Cli.Verbs;

/// <summary><c>trunkline lab status</c>: looks, and touches nothing.</summary>
internal static class LabStatusVerb
{
    private static readonly string[] s_columns = ["NODE", "ROLE", "ADDRESS", "READY", "SCTP", "MACHINE", "INIT", "PROCESSES", "BOOT"];

    public static Command Create(IAnsiConsole console, TimeProvider time)
    {
        var name = CommonOptions.Name();
        var output = CommonOptions.Output();
        var command = new Command("status", "Show what of a lab runs. Exit code 0: all of it; 1: not all; 3: there is no such lab.") { name, output };
        command.SetAction((parsed, cancel) => Guarded.RunAsync(async () =>
        {
            var lab = parsed.GetValue(name)!;
            var status = await new LabManager(BuildDirectory.Find(), time).StatusAsync(lab, cancel)
                ?? throw new LabException($"there is no lab \"{lab}\"; bring one up with `trunkline lab up --name {lab}`.", LabFailure.NotUp);
            if (parsed.GetValue(output) == OutputFormat.Json)
            {
                Json.Write(status);
            }
            else
            {
                Print(console, status);
            }

            return status.Up ? 0 : 1;
        }));
        return command;
    }

    private static void Print(IAnsiConsole console, LabStatus status)
    {
        console.WriteLine($"lab {status.Name} is {(status.Up ? "up" : "not all up; `trunkline lab up` starts again what is dead")}");
        console.WriteLine($"control plane: {Pid(status.ControlPlane.Pid)}, {(status.ControlPlane.Ready ? "answers" : "does not answer")} at {status.ControlPlane.Server}");
        console.WriteLine($"memory: {status.MemoryBytes / 1048576} MB");
        var rows = status.Nodes.Select(node => (string[])
        [
            node.Name, node.Role, node.Address, node.Ready ? "yes" : "no", node.Sctp ?? "-", Pid(node.MachinePid), Pid(node.InitPid), $"{node.Processes.Count}",
            node.BootId ?? "-",
        ]).ToArray();
        if (console.Profile.Out.IsTerminal)
        {
            var table = new Table().Border(TableBorder.Rounded).AddColumns(s_columns);
            rows.ToList().ForEach(row => table.AddRow(row.Select(Markup.Escape).ToArray()));
            console.Write(table);
            return;
        }

        foreach (var row in rows.Prepend(s_columns))
        {
            Console.Out.WriteLine(string.Join("  ", row.Select((cell, i) => cell.PadRight(rows.Append(s_columns).Max(other => other[i].Length)))).TrimEnd());
        }
    }

    private static string Pid(int? pid) => pid is null ? "dead" : $"{pid}";
}
