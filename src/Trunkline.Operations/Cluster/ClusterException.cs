namespace Trunkline.Operations.Cluster;

/// <summary>The cluster did not do what was asked; the message says what, where and what it answered.</summary>
public class ClusterException : Exception
{
    /// <summary>Makes an exception without a message.</summary>
    public ClusterException()
    {
    }

    /// <summary>Makes an exception with a message.</summary>
    public ClusterException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with a message and its cause.</summary>
    public ClusterException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
