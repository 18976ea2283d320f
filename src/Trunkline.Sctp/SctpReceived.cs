namespace Trunkline.Sctp;

/// <summary>What one receive put into the caller's buffer: a message, a part of one, or (EndOfStream) nothing, because the peer has shut down.</summary>
public readonly record struct SctpReceived(int Length, ushort Stream, uint PayloadProtocolId, bool Unordered, bool EndOfMessage, bool EndOfStream);
