using Trunkline.Operations.Cluster;
using Trunkline.Operations.Probes;
using Xunit;

namespace Trunkline.Operations.Tests.Probes;

public sealed class NetcatTests
{
    [Theory]
    [InlineData("Ncat: Connected to 10.0.0.1:80.\nNcat: 0 bytes sent, 0 bytes received in 0.01 seconds.\n", ProbeVerdict.Open)]
    [InlineData("Ncat: Connection refused.\n", ProbeVerdict.Refused)]
    [InlineData("Ncat: TIMEOUT.\n", ProbeVerdict.Silent)]
    [InlineData("Ncat: Connection timed out.\n", ProbeVerdict.Silent)]
    [InlineData("Ncat: Protocol not supported.\n", ProbeVerdict.NotSupported)]
    public void The_words_of_nc_are_a_verdict(string words, ProbeVerdict verdict) => Assert.Equal(verdict, Netcat.Verdict(new ExecResult(1, "", words)));

    [Fact]
    public void Unknown_words_are_no_verdict() => Assert.Throws<ClusterException>(() => Netcat.Verdict(new ExecResult(0, "", "")));
}
