using Spectre.Console;
using Trunkline.Cli;

var console = AnsiConsole.Console;
if (!console.Profile.Out.IsTerminal)
{
    console.Profile.Width = 4096; // in a pipe a line is a line: whoever reads it wraps it, or does not
}

return await Root.RunAsync(args, console, Console.Error, TimeProvider.System);
