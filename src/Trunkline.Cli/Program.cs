using System.CommandLine;
using Spectre.Console;
using Trunkline.Cli;

var console = AnsiConsole.Console;
if (!console.Profile.Out.IsTerminal)
{
    console.Profile.Width = 4096; // in a pipe a line is a line: whoever reads it wraps it, or does not
}

// SIGINT and SIGTERM cancel; a guide then takes its lab down, and a node agent says to its cluster that it goes. That takes more than the default's 2 s.
var invocation = new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) };
return await Root.Create(console, TimeProvider.System).Parse(args).InvokeAsync(invocation);
