using Trunkline.Lab.Checks;
using Xunit;

namespace Trunkline.Lab.Tests.Checks;

public sealed class MachineCheckTests
{
    [Theory]
    [InlineData("TCP       2304      1     113   no     192   yes  kernel", false)]
    [InlineData("SCTP      1768      0       0   no       0   yes  sctp", true)]
    [InlineData("SCTPv6    1936      0       0   no       0   yes  sctp", true)]
    [InlineData("PACKET-SCTP 1 0 0 no 0 yes kernel", false)]
    public void Kernel_sctp_is_found_without_opening_a_socket(string line, bool expected) =>
        Assert.Equal(expected, MachineCheck.HasKernelSctp(["protocol  size sockets", line]));

    [Fact]
    public void A_missing_program_is_named_with_its_package()
    {
        var error = Assert.Throws<LabException>(() => MachineCheck.RequirePrograms("", []));

        Assert.Equal(LabFailure.Machine, error.Failure);
        Assert.Contains("runc", error.Message, StringComparison.Ordinal);
        Assert.Contains("apt-get install runc conmon nftables conntrack iproute2 util-linux`", error.Message, StringComparison.Ordinal);
    }
}
