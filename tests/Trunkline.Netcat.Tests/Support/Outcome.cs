namespace Trunkline.Netcat.Tests.Support;

/// <summary>What a run printed and returned.</summary>
public sealed record Outcome(int ExitCode, byte[] Output, string Error)
{
    public string Text => System.Text.Encoding.UTF8.GetString(Output);
}
