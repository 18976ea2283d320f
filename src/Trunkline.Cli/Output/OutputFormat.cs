namespace Trunkline.Cli.Output;

/// <summary>How a command prints.</summary>
internal enum OutputFormat
{
    /// <summary>For people: tables in a terminal, plain lines in a pipe.</summary>
    Text,

    /// <summary>For programs: one JSON document.</summary>
    Json,
}
