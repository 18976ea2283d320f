using System.Text;
using System.Text.Json;
using Trunkline.NodeInit.Configuration;
using Xunit;

namespace Trunkline.NodeInit.Tests.Configuration;

public sealed class NodeSettingsTests
{
    private const string Text = """
        {"node":"worker-0","networkNamespace":"/run/n","root":"/run/r","etcLower":["/a","/b"],"etcUpper":"/u","etcWork":"/w","var":"/v","log":"/l",
         "imageRootfs":"/i","binds":["/root/x"],"runDirectory":"/run/d","cgroup":"/trunkline/lab/worker-0","agentCommand":["t","node-agent"],
         "sctpServiceCommand":["s"],"environment":{"DOTNET_ROOT":"/usr/share/dotnet"}}
        """;

    [Fact]
    public void What_the_lab_writes_is_read()
    {
        var settings = NodeSettings.Parse(Encoding.UTF8.GetBytes(Text))!;

        Assert.Equal("worker-0", settings.Node);
        Assert.Equal(["/a", "/b"], settings.EtcLower);
        Assert.Equal(["t", "node-agent"], settings.AgentCommand);
        Assert.Equal("/usr/share/dotnet", settings.Environment["DOTNET_ROOT"]);
    }

    [Fact]
    public void A_missing_member_is_named()
    {
        var error = Assert.Throws<JsonException>(() => NodeSettings.Parse("""{"node":"x"}"""u8));

        Assert.Contains("networkNamespace", error.Message, StringComparison.Ordinal);
    }
}
