namespace Trunkline.ApiServer.Validation.Decoding;

/// <summary>The body cannot be read as the type; the message is the one Go's decoder gives.</summary>
public sealed class DecodingException : Exception
{
    public DecodingException()
    {
    }

    public DecodingException(string message)
        : base(message)
    {
    }

    public DecodingException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>What apimachinery's converter says, which fills types from maps instead of JSON (strategic patches); null where it would say the same.</summary>
    public string? Unconvertible { get; init; }
}
