using Spectre.Console;
using Trunkline.Lab;

namespace Trunkline.Cli.Output;

/// <summary>Prints what the lab does, with the seconds since the command began; nothing when the output is for programs.</summary>
internal sealed class LabProgress(IAnsiConsole console, OutputFormat format, TimeProvider time) : ILabProgress
{
    private readonly long _started = time.GetTimestamp();

    public double Seconds => time.GetElapsedTime(_started).TotalSeconds;

    public void Did(string what)
    {
        if (format == OutputFormat.Text)
        {
            console.MarkupLineInterpolated($"[grey]{Seconds,6:0.00} s[/]  {what}");
        }
    }
}
