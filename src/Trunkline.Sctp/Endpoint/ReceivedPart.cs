namespace Trunkline.Sctp.Endpoint;

/// <summary>What one Read copied: a whole message, or a part of one where the caller's buffer or the receive buffer was smaller.</summary>
public readonly record struct ReceivedPart(int Length, ushort Stream, uint PayloadProtocolId, ushort StreamSequence, bool Unordered, bool EndOfMessage);
