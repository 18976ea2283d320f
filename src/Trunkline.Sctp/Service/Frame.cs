namespace Trunkline.Sctp.Service;

/// <summary>One frame: its kind, and its body until the next one is read.</summary>
internal readonly record struct Frame(FrameKind Kind, ReadOnlyMemory<byte> Body);
