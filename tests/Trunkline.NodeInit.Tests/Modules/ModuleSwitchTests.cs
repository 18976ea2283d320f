using Trunkline.NodeInit.Modules;
using Xunit;

namespace Trunkline.NodeInit.Tests.Modules;

/// <summary>The switch of the guide as a table: what a node's two configuration directories make of the module.</summary>
public sealed class ModuleSwitchTests
{
    private const string Off = "Off";
    private const string Autoload = "Autoload";
    private const string Loaded = "Loaded";

    [Theory]
    // The four rows of docs/architecture.md.
    [InlineData("blacklist sctp", "", Off)]
    [InlineData("blacklist sctp", "sctp", Off)]
    [InlineData("", "", Autoload)]
    [InlineData("", "sctp", Loaded)]
    // What the guide's MachineConfig leaves: an empty file in modprobe.d, and the name in modules-load.d.
    [InlineData("\n", "sctp\n", Loaded)]
    [InlineData("#blacklist sctp", "sctp", Loaded)]
    [InlineData("# comment\n  blacklist   sctp  ", "", Off)]
    [InlineData("blacklist \\\n sctp", "sctp", Off)]
    [InlineData("blacklist\tsctp", "sctp", Off)]
    [InlineData("blacklist sctp\r\n", "sctp\r\n", Off)]
    // Other modules are other modules.
    [InlineData("blacklist dccp", "dccp", Autoload)]
    [InlineData("blacklist sctp_diag", "sctp", Loaded)]
    [InlineData("blacklist sctpx", "sctp-x", Autoload)]
    // Comments of modules-load.d begin with # or ;.
    [InlineData("", "#sctp\n;sctp\n", Autoload)]
    [InlineData("", "  sctp  \n", Loaded)]
    // install replaces loading by a command, however the module is asked for.
    [InlineData("install sctp /bin/true", "sctp", Off)]
    [InlineData("install sctp /bin/false", "", Off)]
    [InlineData("install sctp /sbin/modprobe --ignore-install sctp", "sctp", Loaded)]
    [InlineData("install sctp /sbin/modprobe -i sctp", "", Autoload)]
    // An alias turned off stops the kernel's own request, not the list; one of two families is enough.
    [InlineData("alias net-pf-2-proto-132 off\nalias net-pf-10-proto-132 off", "", Off)]
    [InlineData("alias net-pf-2-proto-132 off", "", Autoload)]
    [InlineData("alias net-pf-2-proto-132 off\nalias net-pf-10-proto-132 off", "sctp", Loaded)]
    [InlineData("alias telephone sctp", "telephone", Loaded)]
    [InlineData("alias telephone sctp\nblacklist sctp", "telephone", Off)]
    [InlineData("", "net-pf-2-proto-132", Loaded)]
    // sctp_diag needs sctp, and blacklists are not asked about what a module needs.
    [InlineData("", "sctp_diag", Loaded)]
    [InlineData("", "sctp-diag", Loaded)]
    [InlineData("blacklist sctp", "sctp_diag", Loaded)]
    [InlineData("blacklist sctp\nblacklist sctp_diag", "sctp_diag", Off)]
    // Lines that turn nothing on or off, and broken ones.
    [InlineData("options sctp no_checksums=1\nsoftdep sctp pre: libcrc32c", "", Autoload)]
    [InlineData("blacklist", "sctp", Loaded)]
    [InlineData("install sctp", "sctp", Loaded)]
    public void The_state_at_boot(string modprobe, string modulesLoad, string expected) =>
        Assert.Equal(expected, new ModuleSwitch([modprobe], [modulesLoad]).AtBoot.ToString());

    [Fact]
    public void A_blacklist_in_any_file_counts() =>
        Assert.Equal(ModuleState.Off, new ModuleSwitch(["", "blacklist sctp", ""], ["sctp"]).AtBoot);

    [Theory]
    [InlineData("blacklist sctp", true)]
    [InlineData("install sctp /bin/true", false)]
    [InlineData("", true)]
    public void By_its_own_name_only_an_install_line_keeps_it_away(string modprobe, bool loads) =>
        Assert.Equal(loads, new ModuleSwitch([modprobe], []).LoadsByName);

    [Fact]
    public void Files_are_read_in_order_and_etc_hides_run()
    {
        var root = Directory.CreateTempSubdirectory("modules-").FullName;
        try
        {
            Write(root, "etc/modprobe.d/sctp-blacklist.conf", "");
            Write(root, "run/modprobe.d/sctp-blacklist.conf", "blacklist sctp");
            Write(root, "etc/modprobe.d/notes.txt", "blacklist sctp");
            Write(root, "etc/modules-load.d/sctp-load.conf", "sctp");

            Assert.Equal(ModuleState.Loaded, ModuleConfiguration.Read(root).AtBoot);

            File.Delete(Path.Join(root, "etc/modprobe.d/sctp-blacklist.conf"));
            Assert.Equal(ModuleState.Off, ModuleConfiguration.Read(root).AtBoot);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Fact]
    public void Without_any_directory_it_waits_for_a_first_socket() =>
        Assert.Equal(ModuleState.Autoload, ModuleConfiguration.Read("/nonexistent").AtBoot);

    private static void Write(string root, string file, string text)
    {
        var path = Path.Join(root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
