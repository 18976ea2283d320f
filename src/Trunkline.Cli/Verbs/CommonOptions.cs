using System.CommandLine;
using Trunkline.Cli.Output;
using Trunkline.Lab;

namespace Trunkline.Cli.Verbs;

/// <summary>Options that several verbs share.</summary>
internal static class CommonOptions
{
    public static Option<string> Name() => new("--name")
    {
        Description = "The lab's name; labs of different names live side by side.",
        DefaultValueFactory = _ => LabName.Default,
    };

    public static Option<OutputFormat> Output() => new("--output", "-o")
    {
        Description = "text for people, json for programs.",
        DefaultValueFactory = _ => OutputFormat.Text,
    };
}
