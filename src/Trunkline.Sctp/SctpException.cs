using System.Runtime.InteropServices;

namespace Trunkline.Sctp;

/// <summary>A socket call of SCTP failed: the errno a kernel would give, and a sentence that says why.</summary>
public sealed class SctpException : IOException
{
    public SctpException(SctpError error)
        : this(error, Describe(error))
    {
    }

    public SctpException(SctpError error, string message)
        : base(message)
    {
        Error = error;
    }

    /// <summary>The errno.</summary>
    public SctpError Error { get; }

    /// <summary>strerror's words for <see cref="Error"/>: <c>Connection refused</c>.</summary>
    public string ErrorText => Describe(Error);

    /// <summary>strerror.</summary>
    public static string Describe(SctpError error) => Marshal.GetPInvokeErrorMessage((int)error);
}
