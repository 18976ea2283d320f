namespace Trunkline.Sctp;

/// <summary>One whole message.</summary>
/// <param name="Stream">The stream it came on.</param>
/// <param name="PayloadProtocolId">The sender's payload protocol identifier, host order.</param>
/// <param name="Unordered">Sent with the U bit.</param>
/// <param name="Payload">Its bytes; they are the receiver's.</param>
public sealed record SctpMessage(ushort Stream, uint PayloadProtocolId, bool Unordered, ReadOnlyMemory<byte> Payload);
