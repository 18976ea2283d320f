namespace Trunkline.Node.Pods.Networks;

/// <summary>A secondary network cannot be attached; the message is for the Pod's author and says what to do.</summary>
public sealed class NetworkAttachmentException : Exception
{
    public NetworkAttachmentException()
    {
    }

    public NetworkAttachmentException(string message)
        : base(message)
    {
    }

    public NetworkAttachmentException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
