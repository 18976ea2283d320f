namespace Trunkline.Operations.Guide;

/// <summary>A step's proof did not hold; the message says what was expected and what was seen.</summary>
public sealed class NotProvenException : Exception
{
    /// <summary>Makes an exception without a message.</summary>
    public NotProvenException()
    {
    }

    /// <summary>Makes an exception with a message.</summary>
    public NotProvenException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with a message and its cause.</summary>
    public NotProvenException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
