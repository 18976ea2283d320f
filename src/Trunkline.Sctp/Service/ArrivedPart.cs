namespace Trunkline.Sctp.Service;

/// <summary>A part of a message that the service handed over and the program has not read; credit bounds how much of it there is.</summary>
internal sealed record ArrivedPart(ushort Stream, uint PayloadProtocolId, DataFlags Flags, byte[] Payload);
