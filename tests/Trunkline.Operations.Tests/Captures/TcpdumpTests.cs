using Trunkline.Operations.Captures;
using Xunit;

namespace Trunkline.Operations.Tests.Captures;

public sealed class TcpdumpTests
{
    [Theory]
    [InlineData("tcpdump: listening on eth0\n3 packets captured\n3 packets received by filter\n0 packets dropped by kernel\n", 0L)]
    [InlineData("32 packets captured\n120 packets received by filter\n88 packets dropped by kernel\n", 88L)]
    [InlineData("1 packet captured\n2 packets received by filter\n1 packet dropped by kernel\n", 1L)]
    [InlineData("tcpdump: eth0: No such device exists\n", null)]
    public void What_the_kernel_dropped_is_read_from_its_last_words(string error, long? dropped) => Assert.Equal(dropped, Tcpdump.Dropped(error));
}
