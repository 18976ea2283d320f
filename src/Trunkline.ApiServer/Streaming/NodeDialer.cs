namespace Trunkline.ApiServer.Streaming;

/// <summary>Opens a TCP connection to a node's address, from where nodes can be reached (a lab's nodes are in a network of their own).</summary>
public delegate ValueTask<Stream> NodeDialer(string address, int port, CancellationToken cancel);
