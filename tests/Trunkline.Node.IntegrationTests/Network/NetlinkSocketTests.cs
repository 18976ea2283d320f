using Trunkline.Node.Network.Netlink;
using Xunit;

namespace Trunkline.Node.IntegrationTests.Network;

public sealed class NetlinkSocketTests
{
    private const ushort GetLink = 18, NewLink = 16;

    [Fact]
    public void What_is_left_of_an_exchange_that_ended_early_is_nobodys_answer()
    {
        using var socket = new NetlinkSocket(NetlinkSocket.Route);
        for (var round = 0; round < 3; round++)
        {
            Assert.Throws<IOException>(() => socket.List(Links(), (_, _) => throw new IOException("enough")));
            var types = new List<ushort>();
            socket.List(Links(), (type, _) => types.Add(type));
            Assert.NotEmpty(types);
            Assert.All(types, type => Assert.Equal(NewLink, type));

            // A link that cannot be: its own refusal comes back, not the end of the list before.
            Assert.Equal(19, Assert.Throws<NetlinkException>(() => socket.Do(new NetlinkRequest("ask for no link", GetLink, NetlinkRequest.Acknowledge, Index(0x7fffffff)))).Errno);
        }
    }

    private static NetlinkRequest Links() => new("list links", GetLink, NetlinkRequest.Dump, Index(0));

    private static byte[] Index(int index) => [0, 0, 0, 0, .. BitConverter.GetBytes(index), 0, 0, 0, 0, 0, 0, 0, 0];
}
