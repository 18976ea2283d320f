using Spectre.Console;
using Trunkline.Cli;

return await Root.Create(AnsiConsole.Console, TimeProvider.System).Parse(args).InvokeAsync();
