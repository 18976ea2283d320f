using Spectre.Console;
using Trunkline.Cli;
using Trunkline.Cli.Verbs;

return args is [LabProcessVerb.Name, ..] ? await Root.RunAsync(args, LabProcessVerb.Create(TimeProvider.System), Console.Error) : await PeopleAsync();

// Apart: the lab's own processes load nothing that draws on terminals.
Task<int> PeopleAsync()
{
    var console = AnsiConsole.Console;
    if (!console.Profile.Out.IsTerminal)
    {
        console.Profile.Width = 4096; // in a pipe a line is a line: whoever reads it wraps it, or does not
    }

    return Root.RunAsync(args, console, Console.Error, TimeProvider.System);
}
