using Trunkline.Sctp.Endpoint;

namespace Trunkline.Sctp.Association;

/// <summary>What a packet's addresses and ports name.</summary>
internal readonly record struct AssociationKey(SctpAddress Local, ushort LocalPort, SctpAddress Peer, ushort PeerPort);
