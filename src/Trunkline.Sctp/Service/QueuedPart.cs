using Trunkline.Sctp.Endpoint;

namespace Trunkline.Sctp.Service;

/// <summary>A part of a message on its way from a client to its association; or the place in that row where SHUTDOWN was asked for.</summary>
internal sealed record QueuedPart(ushort Stream, uint PayloadProtocolId, SendModes Modes, byte[] Payload, TaskCompletionSource? ShutdownMarker);
