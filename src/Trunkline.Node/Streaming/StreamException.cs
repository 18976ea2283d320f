namespace Trunkline.Node.Streaming;

/// <summary>A request that cannot be served, with the HTTP status and words a kubelet would give.</summary>
internal sealed class StreamException(int status, string message) : Exception(message)
{
    public int Status { get; } = status;
}
