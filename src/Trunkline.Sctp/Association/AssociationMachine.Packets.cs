using Trunkline.Sctp.Wire;

namespace Trunkline.Sctp.Association;

internal sealed partial class AssociationMachine
{
    private PacketWriter OpenPacket(int size) => OpenPacket(size, Peer.Tag);

    private PacketWriter OpenPacket(int size, uint tag) =>
        new(_host.Output.Reserve(size).Span, Key.LocalPort, Key.PeerPort, tag);

    private void Close(ref PacketWriter packet)
    {
        if (!packet.IsOpen)
        {
            return;
        }

        packet.Finish();
        _host.Output.Commit(packet.Length, Key.Local, Key.Peer, packet.Length <= Path.PacketSize);
        _host.Counters.PacketsSent++;
        packet = default;
    }

    /// <summary>Makes room for a chunk of this size, header included: in the open packet or in a new one.</summary>
    private void MakeRoom(ref PacketWriter packet, int size)
    {
        size = Padding.Up(size);
        if (packet.IsOpen && packet.Remaining >= size)
        {
            return;
        }

        Close(ref packet);
        packet = OpenPacket(Math.Max(Path.PacketSize, CommonHeader.Size + size));
    }

    private void SendAlone(ChunkType type, byte flags, ReadOnlySpan<byte> value) => SendAlone(type, flags, value, Peer.Tag);

    private void SendAlone(ChunkType type, byte flags, ReadOnlySpan<byte> value, uint tag)
    {
        var packet = OpenPacket(CommonHeader.Size + Padding.Up(Chunk.HeaderSize + value.Length), tag);
        value.CopyTo(packet.AddChunk(type, flags, value.Length));
        Close(ref packet);
    }

    private void SendCause(ChunkType type, CauseCode cause, ReadOnlySpan<byte> information)
    {
        var room = Path.PacketSize - CommonHeader.Size - Chunk.HeaderSize - TlvReader.HeaderSize;
        information = information[..Math.Min(information.Length, room)];
        var packet = OpenPacket(Path.PacketSize);
        packet.AddCause(type, 0, cause, information);
        Close(ref packet);
    }
}
