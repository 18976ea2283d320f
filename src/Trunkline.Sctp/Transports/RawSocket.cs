using System.Runtime.InteropServices;
using Trunkline.Sctp.Endpoint;
using Trunkline.Sctp.Transports.Native;

namespace Trunkline.Sctp.Transports;

/// <summary>One raw socket for protocol 132, of one family. IPv4 packets come with their header, IPv6 packets without (RFC 3542 section 3).</summary>
internal sealed unsafe class RawSocket : IDisposable
{
    private const int ReceiveBuffer = 2 * 1024 * 1024;
    private const int Burst = 32;
    private const int LargestPacket = 65535;
    private readonly MessageVector _incoming = new(Burst, LargestPacket);
    private readonly MessageVector _outgoing = new(64, 0);
    private readonly bool _ipv4;

    internal RawSocket(bool ipv4)
    {
        _ipv4 = ipv4;
        var type = Libc.SockRaw | Libc.SockCloexec | Libc.SockNonblock;
        Descriptor = Libc.Check(Libc.Socket(ipv4 ? Libc.AfInet : Libc.AfInet6, type, Libc.IpprotoSctp), "socket");
        if (!Libc.TrySetOption(Descriptor, Libc.SolSocket, Libc.SoRcvbufForce, ReceiveBuffer))
        {
            Libc.SetOption(Descriptor, Libc.SolSocket, Libc.SoRcvbuf, ReceiveBuffer);
        }

        SetDontFragment(true);
        if (!ipv4)
        {
            Libc.SetOption(Descriptor, Libc.IpprotoIpv6, Libc.Ipv6RecvPktinfo, 1);
        }
    }

    internal int Descriptor { get; private set; }

    /// <summary>Packets the local stack did not take: no route, a filter, a full queue.</summary>
    internal long SendFailures { get; private set; }

    internal bool Receive(SctpEndpoint endpoint, long now)
    {
        _incoming.PrepareReceive();
        var count = Libc.ReceiveMany(Descriptor, _incoming.Headers, Burst, Libc.MsgDontwait, null);
        for (var i = 0; i < count; i++)
        {
            if (!_incoming.IsTruncated(i))
            {
                Deliver(i, endpoint, now);
            }
        }

        return count == Burst;
    }

    /// <summary>Sends packets [start, end) of a batch, all of this family and of one DF setting.</summary>
    internal void Send(DatagramBatch batch, int start, int end, SctpEndpoint endpoint, long now)
    {
        var fragmentable = !batch[start].DontFragment;
        if (fragmentable)
        {
            SetDontFragment(false);
        }

        while (start < end)
        {
            var count = Math.Min(end - start, _outgoing.Capacity);
            for (var i = 0; i < count; i++)
            {
                Prepare(i, batch[start + i]);
            }

            SendPrepared(batch, start, count, endpoint, now);
            start += count;
        }

        if (fragmentable)
        {
            SetDontFragment(true);
        }
    }

    public void Dispose()
    {
        if (Descriptor >= 0)
        {
            _ = Libc.Close(Descriptor);
            Descriptor = -1;
        }

        _incoming.Dispose();
        _outgoing.Dispose();
    }

    private void Deliver(int index, SctpEndpoint endpoint, long now)
    {
        var bytes = _incoming.Received(index);
        if (_ipv4)
        {
            if (IpHeader.TryReadIPv4(bytes, out var header))
            {
                endpoint.Receive(new SctpDatagram(header.Payload, header.Source, header.Destination), now);
            }

            return;
        }

        var control = _incoming.Control(index)[..(int)Math.Min(_incoming.Headers[index].ControlLength, MessageVector.ControlSize)];
        if (ControlMessage.TryReadDestination(control, out var destination))
        {
            endpoint.Receive(new SctpDatagram(bytes, SocketAddressBytes.Read(_incoming.Name(index)), destination), now);
        }
    }

    private void Prepare(int index, in OutgoingDatagram datagram)
    {
        var nameLength = SocketAddressBytes.Write(_outgoing.Name(index), datagram.Destination);
        var controlLength = datagram.Source.IsAny ? 0 : ControlMessage.WriteSource(_outgoing.Control(index), datagram.Source);
        _outgoing.PrepareSend(index, datagram.Packet.Span, nameLength, controlLength);
    }

    private void SendPrepared(DatagramBatch batch, int start, int count, SctpEndpoint endpoint, long now)
    {
        var sent = 0;
        var waited = false;
        while (sent < count)
        {
            var result = Libc.SendMany(Descriptor, _outgoing.Headers + sent, (uint)(count - sent), Libc.MsgDontwait);
            if (result > 0)
            {
                sent += result;
                continue;
            }

            var error = (SctpError)Marshal.GetLastPInvokeError();
            if (error == SctpError.TryAgain && !waited)
            {
                // The device queue is full: one short wait, then the packet counts as lost and congestion control hears of it.
                waited = true;
                WaitWritable();
                continue;
            }

            if (error == SctpError.MessageTooLong)
            {
                ReportMtu(batch[start + sent].Destination, endpoint, now);
            }

            SendFailures++;
            sent++;
        }
    }

    private static void ReportMtu(SctpAddress destination, SctpEndpoint endpoint, long now)
    {
        if (RouteProbe.TryGetMtu(destination, out var mtu))
        {
            endpoint.ReportPathMtu(destination, mtu, now);
        }
    }

    private void WaitWritable()
    {
        var poll = new PollDescriptor { Descriptor = Descriptor, Wanted = Libc.PollOut };
        _ = Libc.Poll(&poll, 1, 5);
    }

    // DF is set on every packet (RFC 9260 section 7.3), except where a chunk made for a larger MTU must go in one piece.
    private void SetDontFragment(bool on)
    {
        var value = on ? Libc.PmtudiscDo : Libc.PmtudiscDont;
        Libc.SetOption(Descriptor, _ipv4 ? Libc.IpprotoIp : Libc.IpprotoIpv6, _ipv4 ? Libc.IpMtuDiscover : Libc.Ipv6MtuDiscover, value);
    }
}
