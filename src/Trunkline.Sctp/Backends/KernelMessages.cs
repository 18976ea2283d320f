using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Trunkline.Sctp.Transports.Native;

namespace Trunkline.Sctp.Backends;

/// <summary>sendmsg with SCTP_SNDINFO and recvmsg with SCTP_RCVINFO, without waiting.</summary>
internal static unsafe class KernelMessages
{
    private const int SendInfo = 2, ReceiveInfo = 3;
    private const ushort UnorderedFlag = 1;
    private const int EndOfRecord = 0x80, NoSignal = 0x4000, Dontwait = 0x40;
    private const int HeaderSize = 16, SendInfoSize = 16, ReceiveInfoSize = 28;

    internal static SctpError Send(Socket socket, ReadOnlySpan<byte> payload, SctpSendOptions options)
    {
        var control = stackalloc byte[HeaderSize + SendInfoSize];
        var info = new Span<byte>(control, HeaderSize + SendInfoSize);
        info.Clear();
        BitConverter.TryWriteBytes(info, (ulong)(HeaderSize + SendInfoSize));
        BitConverter.TryWriteBytes(info[8..], Libc.IpprotoSctp);
        BitConverter.TryWriteBytes(info[12..], SendInfo);
        BitConverter.TryWriteBytes(info[16..], options.Stream);
        BitConverter.TryWriteBytes(info[18..], options.Unordered ? UnorderedFlag : (ushort)0);

        // The kernel carries the identifier as given: host order is ours, network order the wire's.
        BinaryPrimitives.WriteUInt32BigEndian(info[20..], options.PayloadProtocolId);
        fixed (byte* bytes = payload)
        {
            var vector = new IoVector { Base = bytes, Length = (nuint)payload.Length };
            var message = new MultiMessageHeader { Vectors = &vector, VectorCount = 1, Control = control, ControlLength = HeaderSize + SendInfoSize };
            return Libc.SendMessage((int)socket.Handle, &message, NoSignal | Dontwait) >= 0 ? 0 : (SctpError)Marshal.GetLastPInvokeError();
        }
    }

    internal static SctpError Receive(Socket socket, Span<byte> buffer, out SctpReceived received)
    {
        received = default;
        const int room = 128;
        var control = stackalloc byte[room];
        fixed (byte* bytes = buffer)
        {
            var vector = new IoVector { Base = bytes, Length = (nuint)buffer.Length };
            var message = new MultiMessageHeader { Vectors = &vector, VectorCount = 1, Control = control, ControlLength = room };
            var count = Libc.ReceiveMessage((int)socket.Handle, &message, Dontwait);
            if (count < 0)
            {
                return (SctpError)Marshal.GetLastPInvokeError();
            }

            received = Describe((int)count, (message.Flags & EndOfRecord) != 0, new ReadOnlySpan<byte>(control, (int)message.ControlLength));
            return 0;
        }
    }

    private static SctpReceived Describe(int count, bool endOfRecord, ReadOnlySpan<byte> control)
    {
        if (control.Length < HeaderSize + ReceiveInfoSize || BitConverter.ToInt32(control[12..]) != ReceiveInfo)
        {
            return new SctpReceived(count, 0, 0, false, endOfRecord, EndOfStream: count == 0);
        }

        var info = control[HeaderSize..];
        var unordered = (BitConverter.ToUInt16(info[4..]) & UnorderedFlag) != 0;
        return new SctpReceived(count, BitConverter.ToUInt16(info), BinaryPrimitives.ReadUInt32BigEndian(info[8..]), unordered, endOfRecord, count == 0);
    }
}
