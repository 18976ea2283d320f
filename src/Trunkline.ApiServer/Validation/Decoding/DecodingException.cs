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
}
