using Trunkline.Operations.Enable;
using Xunit;

namespace Trunkline.Operations.Tests.Enable;

public sealed class ModuleEvidenceTests
{
    private const string Header = "protocol  size sockets  memory press maxhdr  slab module     cl co di ac io in de sh ss gs se re bi br ha uh gp em\n";
    private const string Tcp = "TCP       2496      6       1   no     320   yes  kernel      y  y  y  y  y  y  y  y  y  y  y  y  y  n  y  y  y  y\n";
    private const string Sctp = "SCTPv6    1496      0       0   no       0   yes  sctp        y  y  y  y  y  y  y  y  y  y  y  y  n  n  y  y  y  n\nSCTP      1352      0       0   no       0   yes  sctp        y  n  y\n";

    [Theory]
    [InlineData(Header + Tcp, null, "Off")]
    [InlineData(Header + Sctp + Tcp, null, "Loaded")]
    [InlineData(Tcp + Sctp, null, "Unknown")] // not the file
    [InlineData("", null, "Unknown")]
    [InlineData("cat: can't open '/proc/net/protocols'", null, "Unknown")]
    [InlineData(Header + Tcp + "trunkline-service\n", "loaded", "Loaded")]
    [InlineData(Header + Tcp, "loaded", "Unknown")]
    [InlineData(Header + Tcp, "off", "Off")]
    [InlineData(Header + Tcp + "trunkline-service\n", "off", "Unknown")]
    [InlineData(Header + Tcp + "trunkline-service\n", "autoload", "Off")]
    [InlineData(Header + Tcp + "trunkline-service\n", null, "Off")] // on a real node a socket proves nothing
    public void The_kernels_own_list_decides(string output, string? lab, string expected) => Assert.Equal(expected, ModuleEvidence.Read(output, lab).State.ToString());
}
