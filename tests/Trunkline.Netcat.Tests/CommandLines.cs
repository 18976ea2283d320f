using System.Net.Sockets;
using Trunkline.Netcat.CommandLine;

namespace Trunkline.Netcat.Tests;

/// <summary>getopt_long's grammar, read.</summary>
public sealed class CommandLines
{
    [Fact]
    public void Options_stand_before_between_and_after_operands()
    {
        var options = OptionParser.Parse("nc", ["10.0.0.1", "-v", "30102", "--sctp"]);
        Assert.Equal(["10.0.0.1", "30102"], options.Operands);
        Assert.Equal(NetcatProtocol.Sctp, options.Protocol);
        Assert.True(options.Verbose);
    }

    [Fact]
    public void Short_options_combine_and_take_their_value_from_what_follows()
    {
        var options = OptionParser.Parse("nc", ["-vvnzw2", "-4p", "99", "--send", "h"]);
        Assert.Equal(2, options.Verbosity);
        Assert.True(options.ZeroIo && options.NumericOnly && options.SendOnly);
        Assert.Equal(TimeSpan.FromSeconds(2), options.ConnectTimeout);
        Assert.Equal(99, options.SourcePort);
        Assert.Equal(AddressFamily.InterNetwork, options.Family);
    }

    [Theory]
    [InlineData("1", 1000)]
    [InlineData("1.5", 1500)]
    [InlineData("250ms", 250)]
    [InlineData("2m", 120_000)]
    [InlineData("1h", 3_600_000)]
    public void Times_have_units(string text, int milliseconds)
    {
        Assert.True(TimeSpecification.TryParse(text, out var time));
        Assert.Equal(milliseconds, time.TotalMilliseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("NaN")]
    [InlineData("2147483")]
    [InlineData("ms")]
    public void What_is_no_time_is_refused(string text) => Assert.False(TimeSpecification.TryParse(text, out _));

    [Fact]
    public void A_lone_number_after_listen_is_a_port_and_none_is_ncats_own()
    {
        Assert.Null(Destination.Host(OptionParser.Parse("nc", ["-l", "30102"])));
        Assert.Equal(30102, Destination.Port(OptionParser.Parse("nc", ["-l", "30102"])));
        Assert.Equal(31337, Destination.Port(OptionParser.Parse("nc", ["-l"])));
        Assert.Equal(5000, Destination.Port(OptionParser.Parse("nc", ["-l", "-p", "5000"])));
        Assert.Equal("::1", Destination.Host(OptionParser.Parse("nc", ["-l", "::1"])));
    }
}
