using Trunkline.Sctp.Endpoint;

namespace Trunkline.Sctp.Loops;

/// <summary>What a receive found: a part of a message, or the end in order.</summary>
public readonly record struct ReceiveResult(bool EndOfStream, ReceivedPart Part);
