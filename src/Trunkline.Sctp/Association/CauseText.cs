using System.Text;
using Trunkline.Sctp.Wire;

namespace Trunkline.Sctp.Association;

/// <summary>Error causes in words.</summary>
internal static class CauseText
{
    private const int MaxLength = 200;

    public static string Describe(CauseCode cause, string reason)
    {
        var name = cause switch
        {
            CauseCode.None => "",
            CauseCode.InvalidStream => "Invalid Stream Identifier",
            CauseCode.MissingParameter => "Missing Mandatory Parameter",
            CauseCode.StaleCookie => "Stale Cookie",
            CauseCode.OutOfResource => "Out of Resource",
            CauseCode.UnresolvableAddress => "Unresolvable Address",
            CauseCode.UnrecognizedChunk => "Unrecognized Chunk Type",
            CauseCode.InvalidMandatoryParameter => "Invalid Mandatory Parameter",
            CauseCode.UnrecognizedParameters => "Unrecognized Parameters",
            CauseCode.NoUserData => "No User Data",
            CauseCode.CookieWhileShuttingDown => "Cookie Received While Shutting Down",
            CauseCode.RestartWithNewAddresses => "Restart of an Association with New Addresses",
            CauseCode.UserInitiatedAbort => "User-Initiated Abort",
            CauseCode.ProtocolViolation => "Protocol Violation",
            _ => $"cause {(int)cause}",
        };
        return (name.Length == 0 ? "" : ": " + name) + (reason.Length == 0 ? "" : ": " + reason);
    }

    /// <summary>A peer's text, fit for a terminal.</summary>
    public static string Printable(ReadOnlySpan<byte> text)
    {
        var printable = new StringBuilder();
        foreach (var character in Encoding.UTF8.GetString(text[..Math.Min(text.Length, MaxLength)]))
        {
            printable.Append(char.IsControl(character) ? '.' : character);
        }

        return printable.ToString();
    }
}
