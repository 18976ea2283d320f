using System.Text;

namespace Trunkline.Sctp.IntegrationTests.Support;

/// <summary>What a program printed and returned.</summary>
internal sealed record Outcome(int ExitCode, byte[] Output, string Error)
{
    public string Text => Encoding.UTF8.GetString(Output);
}
