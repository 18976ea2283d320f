using System.Net;
using System.Net.Sockets;
using Xunit;

namespace Trunkline.Lab.Tests;

public sealed class LabPlanTests
{
    private static readonly LabDescription s_existing = new("lab", 2, 6443);
    private static readonly IReadOnlySet<int> s_none = new HashSet<int>();

    [Fact]
    public void A_lab_that_is_there_stays_as_it_is() => Assert.Same(s_existing, LabPlan.For(new LabOptions(), s_existing, s_none));

    [Fact]
    public void Another_number_of_workers_is_refused_while_it_is_there() =>
        Assert.Equal(LabFailure.Different, Assert.Throws<LabException>(() => LabPlan.For(new LabOptions { Workers = 3 }, s_existing, s_none)).Failure);

    [Fact]
    public void A_port_in_use_is_named()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var error = Assert.Throws<LabException>(() => LabPlan.For(new LabOptions { Port = port }, null, s_none));

        Assert.Equal(LabFailure.PortInUse, error.Failure);
        Assert.Contains($"{port}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_port_that_another_lab_has_is_not_taken_though_nobody_listens_there_yet()
    {
        var free = LabPlan.For(new LabOptions(), null, s_none).Port;

        Assert.True(LabPlan.For(new LabOptions(), null, new HashSet<int> { free }).Port > free);
        Assert.Equal(
            LabFailure.PortInUse, Assert.Throws<LabException>(() => LabPlan.For(new LabOptions { Port = free }, null, new HashSet<int> { free })).Failure);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(65)]
    public void A_number_of_workers_that_no_rack_holds_is_refused(int workers) =>
        Assert.Equal(LabFailure.Usage, Assert.Throws<LabException>(() => LabPlan.For(new LabOptions { Workers = workers }, null, s_none)).Failure);

    [Fact]
    public void Nodes_have_the_names_and_addresses_of_the_contract() =>
        Assert.Equal(
            ["control-plane-0 192.168.126.10 fd00:126::10", "worker-0 192.168.126.11 fd00:126::11", "worker-1 192.168.126.12 fd00:126::12"],
            s_existing.Nodes.Select(node => $"{node.Name} {string.Join(' ', node.Addresses)}"));

    [Fact]
    public void What_is_written_is_read_again()
    {
        var root = Directory.CreateTempSubdirectory("lab-").FullName;
        var paths = new LabPaths("lab", root, root);
        try
        {
            Assert.Null(LabDescription.Read(paths));
            Directory.CreateDirectory(paths.State);
            s_existing.Write(paths);
            Assert.Equal(s_existing, LabDescription.Read(paths));

            File.WriteAllText(paths.Description, "{\"name\":");
            Assert.Contains("lab down --name lab", Assert.Throws<LabException>(() => LabDescription.Read(paths)).Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }
}
