using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Trunkline.Node.MachineConfig;
using Trunkline.Node.MachineConfig.Ignition;
using Xunit;

namespace Trunkline.Node.Tests.MachineConfig;

public sealed class MachineConfigTests : IDisposable
{
    private const string Blacklist = "/etc/modprobe.d/sctp-blacklist.conf";
    private const string Load = "/etc/modules-load.d/sctp-load.conf";
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("tl-mcd");

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory]
    [InlineData("data:,", "")]
    [InlineData("data:,sctp", "sctp")]
    [InlineData("data:text/plain;charset=utf-8,sctp", "sctp")]
    [InlineData("data:,a%20b%0A", "a b\n")]
    [InlineData("data:text/plain;charset=utf-8;base64,c2N0cAo=", "sctp\n")]
    [InlineData("", "")]
    public void Data_urls_are_decoded(string url, string content) => Assert.Equal(content, Encoding.UTF8.GetString(DataUrl.Decode(url)));

    [Theory]
    [InlineData("https://example.com/x")]
    [InlineData("data:;base64,###")]
    [InlineData("data:,%4")]
    [InlineData("data")]
    public void What_is_no_data_url_is_refused(string url) => Assert.Throws<InvalidDataException>(() => DataUrl.Decode(url));

    [Fact]
    public void Gzip_is_inflated_and_the_mode_defaults_to_0644()
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true))
        {
            gzip.Write("many words"u8);
        }

        var config = Config("r", $$$"""{"path":"/etc/x","contents":{"source":"data:;base64,{{{Convert.ToBase64String(packed.ToArray())}}}","compression":"gzip"}}""");
        var file = Assert.Single(config.Files);
        Assert.Equal(("many words", 420), (Encoding.UTF8.GetString(file.Content), file.Mode));
    }

    [Theory]
    [InlineData("""{"path":"relative"}""")]
    [InlineData("""{"path":"/etc/../root/x"}""")]
    [InlineData("""{"path":"/x","append":[{"source":"data:,x"}]}""")]
    [InlineData("""{"path":"/x","contents":{"source":"data:,x","compression":"xz"}}""")]
    [InlineData("""{"path":"/x","contents":{"source":"data:,x","compression":"gzip"}}""")]
    [InlineData("""{"path":"/x","contents":{"source":"data:;base64,H4sIAAAAAAAAA8tNzKtUKM8vyikGAA==","compression":"gzip"}}""")]
    public void What_the_daemon_cannot_do_is_refused(string file) => Assert.Throws<InvalidDataException>(() => Config("r", file));

    [Fact]
    public void Enabled_units_are_linked_and_masked_ones_lead_nowhere()
    {
        var config = RenderedConfig.Parse("""
            {"metadata":{"name":"r"},"spec":{"config":{"systemd":{"units":[
              {"name":"a.service","enabled":true,"contents":"[Install]\nWantedBy=multi-user.target graphical.target\n","dropins":[{"name":"x.conf","contents":"y"}]},
              {"name":"b.service","mask":true,"contents":"[Service]"}, {"name":"c.service","enabled":false,"contents":"[Install]\nWantedBy=multi-user.target"}]}}}}
            """);
        Assert.Equal(["a.service"], config.EnabledUnits);
        var root = new MachineRoot(_directory.FullName);
        var files = new FileApplier(root);
        files.Apply([], config.Files);
        Assert.Null(files.FindDrift(config.Files));
        const string Units = "/etc/systemd/system";
        Assert.Equal($"{Units}/a.service", new FileInfo(root.Of($"{Units}/multi-user.target.wants/a.service")).LinkTarget);
        Assert.Equal($"{Units}/a.service", new FileInfo(root.Of($"{Units}/graphical.target.wants/a.service")).LinkTarget);
        Assert.Equal("/dev/null", new FileInfo(root.Of($"{Units}/b.service")).LinkTarget);
        Assert.False(Path.Exists(root.Of($"{Units}/multi-user.target.wants/c.service")));
        Assert.True(File.Exists(root.Of($"{Units}/a.service.d/x.conf")));

        File.Delete(root.Of($"{Units}/b.service"));
        Assert.Contains("b.service", files.FindDrift(config.Files), StringComparison.Ordinal);
        files.Apply(config.Files, []);
        Assert.Empty(Directory.EnumerateFiles(root.Of(Units), "*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("\"kernelArguments\":[\"nosmt\"]", "kernelArguments")]
    [InlineData("\"extensions\":[\"usbguard\"]", "extensions")]
    [InlineData("\"kernelType\":\"realtime\"", "kernelType")]
    [InlineData("\"fips\":true", "refusing to modify FIPS")]
    [InlineData("\"kernelType\":\"default\",\"kernelArguments\":[],\"fips\":false,\"osImageURL\":\"\"", null)]
    public void What_reaches_beyond_ignition_is_named(string members, string? words)
    {
        var refusal = RenderedConfig.Parse($$$"""{"metadata":{"name":"r"},"spec":{ {{{members}}},"config":{} } }""").Unsupported;
        Assert.Equal(words is null, refusal is null);
        Assert.Contains(words ?? "", refusal ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void A_roll_out_writes_and_its_removal_restores()
    {
        var root = new MachineRoot(_directory.FullName);
        var files = new FileApplier(root);
        Directory.CreateDirectory(Path.GetDirectoryName(root.Of(Blacklist))!);
        File.WriteAllText(root.Of(Blacklist), "blacklist sctp\n");
        var none = Config("rendered-0");
        var sctp = Config("rendered-1", $$$"""{"path":"{{{Blacklist}}}","mode":420,"contents":{"source":"data:,"}}""", $$$"""{"path":"{{{Load}}}","contents":{"source":"data:,sctp"}}""");
        Assert.Equal($"content mismatch for file \"{Blacklist}\"", files.FindDrift(sctp.Files));

        files.Apply(none.Files, sctp.Files);
        Assert.Null(files.FindDrift(sctp.Files));
        Assert.Equal("", File.ReadAllText(root.Of(Blacklist)));
        Assert.Equal((UnixFileMode)0b110_100_100, File.GetUnixFileMode(root.Of(Load)));
        Assert.Equal("blacklist sctp\n", File.ReadAllText(root.Of($"/etc/machine-config-daemon/orig{Blacklist}.mcdorig")));

        files.Apply(sctp.Files, sctp.Files); // again: the original is still the machine's, not ours
        files.Apply(sctp.Files, none.Files);
        Assert.Equal("blacklist sctp\n", File.ReadAllText(root.Of(Blacklist)));
        Assert.False(File.Exists(root.Of(Load)));
        Assert.Empty(Directory.GetFiles(root.Of("/etc/machine-config-daemon"), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void Drift_is_seen_in_content_mode_and_absence()
    {
        var root = new MachineRoot(_directory.FullName);
        var files = new FileApplier(root);
        var sctp = Config("r", $$$"""{"path":"{{{Load}}}","contents":{"source":"data:,sctp"}}""");
        files.Apply([], sctp.Files);
        File.SetUnixFileMode(root.Of(Load), (UnixFileMode)0b110_000_000);
        Assert.Equal($"mode mismatch for file: \"{Load}\"; expected: 0644; received: 0600", files.FindDrift(sctp.Files));
        File.Delete(root.Of(Load));
        Assert.Equal($"could not stat file \"{Load}\": no such file or directory", files.FindDrift(sctp.Files));
    }

    [Fact]
    public void What_is_pending_and_what_runs_survive_on_disk()
    {
        var state = new MachineState(new MachineRoot(_directory.FullName), TimeProvider.System);
        Assert.Null(state.Current);
        var config = Config("rendered-1", $$$"""{"path":"{{{Load}}}","contents":{"source":"data:,sctp"}}""");
        state.SetPending(config, "boot-1");
        var (pending, boot) = state.Pending!.Value;
        Assert.Equal(("rendered-1", "boot-1", Load), (pending.Name, boot, pending.Files[0].Path));
        state.SetCurrent(pending);
        Assert.Null(state.Pending);
        Assert.Equal("rendered-1", state.Current!.Name);
    }

    private static RenderedConfig Config(string name, params string[] files) => RenderedConfig.Parse(new JsonObject
    {
        ["metadata"] = new JsonObject { ["name"] = name },
        ["spec"] = new JsonObject
        {
            ["config"] = new JsonObject
            {
                ["ignition"] = new JsonObject { ["version"] = "3.5.0" },
                ["storage"] = new JsonObject { ["files"] = new JsonArray([.. files.Select(file => JsonNode.Parse(file))]) },
            },
        },
    }.ToJsonString());
}
