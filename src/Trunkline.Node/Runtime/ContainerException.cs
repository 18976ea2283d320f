namespace Trunkline.Node.Runtime;

/// <summary>The container runtime refused; the message is its own.</summary>
public sealed class ContainerException : Exception
{
    public ContainerException()
    {
    }

    public ContainerException(string message)
        : base(message)
    {
    }

    public ContainerException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
