namespace Trunkline.Sctp.Service;

/// <summary>The other end of a service connection does not keep to the protocol; the connection ends, and nothing else does.</summary>
public sealed class ProtocolViolationException(string message) : IOException(message);
