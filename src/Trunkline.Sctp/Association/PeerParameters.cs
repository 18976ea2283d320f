namespace Trunkline.Sctp.Association;

/// <summary>What the handshake told about the peer; streams are already the smaller of both sides' numbers.</summary>
internal readonly record struct PeerParameters(uint Tag, uint InitialTsn, uint ReceiveWindow, ushort OutboundStreams, ushort InboundStreams);
