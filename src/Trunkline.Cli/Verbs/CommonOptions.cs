using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Trunkline.Cli.Output;
using Trunkline.Lab;
using Trunkline.Policy.Model;

namespace Trunkline.Cli.Verbs;

/// <summary>Options that several verbs share, and kinds of values.</summary>
internal static class CommonOptions
{
    public static Option<string> Name() => new("--name")
    {
        Description = "The lab's name; labs of different names live side by side.",
        DefaultValueFactory = _ => LabName.Default,
    };

    public static Option<OutputFormat> Output() => new("--output", "-o")
    {
        Description = "text for people, json for programs. [default: text]",
        HelpName = "text|json",
        CustomParser = result => result.Tokens[0].Value switch
        {
            "text" => OutputFormat.Text,
            "json" => OutputFormat.Json,
            var other => Refuse<OutputFormat>(result, $"--output is text or json, not \"{other}\"."),
        },
    };

    /// <summary>A protocol of policies and Services.</summary>
    public static Option<TransportProtocol> Protocol() => new("--protocol")
    {
        Description = "SCTP, TCP or UDP. [default: SCTP]",
        HelpName = "SCTP|TCP|UDP",
        DefaultValueFactory = _ => TransportProtocol.Sctp,
        CustomParser = result => result.Tokens.Count > 0 && Protocols.Parse(result.Tokens[0].Value.ToUpperInvariant()) is { } protocol
            ? protocol
            : Refuse<TransportProtocol>(result, $"--protocol is SCTP, TCP or UDP, not \"{result.Tokens[0].Value}\"."),
    };

    /// <summary>The forms of what a command found.</summary>
    public static Option<ReportFormat> Report() => new("--output", "-o")
    {
        Description = "text for people; json, sarif (code hosts) or junit (CI systems) for programs. [default: text]",
        HelpName = "text|json|sarif|junit",
        CustomParser = result => result.Tokens[0].Value switch
        {
            "text" => ReportFormat.Text,
            "json" => ReportFormat.Json,
            "sarif" => ReportFormat.Sarif,
            "junit" => ReportFormat.JUnit,
            var other => Refuse<ReportFormat>(result, $"--output is text, json, sarif or junit, not \"{other}\"."),
        },
    };

    /// <summary>An option whose value is a whole number within bounds.</summary>
    public static Option<int?> Number(string name, int least, int most, string description) => new(name)
    {
        Description = description,
        HelpName = $"{least}..{most}",
        CustomParser = result =>
            int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
                ? number
                : Refuse<int?>(result, $"{name} is a whole number from {least} to {most}, not \"{result.Tokens[0].Value}\"."),
    };

    private static T? Refuse<T>(ArgumentResult result, string message)
    {
        result.AddError(message);
        return default;
    }
}
