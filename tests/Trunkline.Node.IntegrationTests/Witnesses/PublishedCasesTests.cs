using Trunkline.Node.IntegrationTests.Kernel;
using Trunkline.Policy.Cases.Tables;
using Trunkline.Policy.Model;
using Xunit;

namespace Trunkline.Node.IntegrationTests.Witnesses;

/// <summary>
/// The published cases (Trunkline.Policy.Cases/Grid), in the kernel: every table, cell by cell, against the rules read back and walked. Steps follow each other in one
/// namespace, as policies, labels and Pods come, change and go, so each table is also reached by increments.
/// </summary>
public sealed class PublishedCasesTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Every_table_is_what_the_kernels_rules_say()
    {
        await using var node = await RulesNode.StartAsync();
        var (tables, cells) = (0, 0);
        foreach (var (name, step) in GridCase.Names(GridCase.Root).SelectMany(name => GridCase.Read(GridCase.Root, name).Steps.Select(step => (name, step))))
        {
            var (cluster, expected) = (step.Cluster(), step.Expected());
            await node.ApplyAsync(
            [
                new ClusterSpec(0) { Namespaces = [.. cluster.Namespaces], Pods = cluster.Pods, Policies = cluster.Policies, ClusterPolicies = cluster.ClusterPolicies },
            ]);
            var routes = Routes(cluster.Pods);
            var walker = new Walker(await node.ReadAsync(), routes);
            var wrong = Cells(cluster.Pods).Where(cell => Flow(cell).Walk(walker, routes).Fate == Fate.Accepted != expected[cell.Probe, $"{cell.Source}", $"{cell.Destination}"])
                .Select(cell => $"{cell.Source} → {cell.Destination} {cell.Probe}: {Flow(cell).Walk(walker, routes)}").ToList();
            Assert.True(wrong.Count == 0, $"{name}, {Path.GetFileName(step.ExpectedPath)}: the kernel says otherwise of\n{string.Join('\n', wrong.Take(20))}");
            tables++;
            cells += Cells(cluster.Pods).Count();
        }

        output.WriteLine($"{tables} tables, {cells} cells\n{node.Log}");
        Assert.Equal(0, node.Log.Errors); // no change was refused and mended by writing everything anew
    }

    // What a Pod sends to itself never comes to its node.
    private static IEnumerable<(Probe Probe, PolicyPod Source, PolicyPod Destination)> Cells(IReadOnlyList<PolicyPod> pods) =>
        from probe in Probe.All from source in pods from destination in pods where source != destination select (probe, source, destination);

    private static FlowSpec Flow((Probe Probe, PolicyPod Source, PolicyPod Destination) cell) => new(
        cell.Source.AddressOf(cell.Probe.Family)!, cell.Destination.AddressOf(cell.Probe.Family)!, Protocols.Parse(cell.Probe.Protocol)!.Value, cell.Probe.Port);

    private static NodeRoutesView Routes(IReadOnlyList<PolicyPod> pods)
    {
        var routes = new NodeRoutesView().Own(Place.Own[0]).Own(Place.Own[1]);
        foreach (var (pod, index) in pods.Select((pod, index) => (pod, index)))
        {
            foreach (var address in pod.Addresses)
            {
                routes.Host(address, Place.Link(0, index));
            }
        }

        return routes.Network("0.0.0.0/0", Place.Uplink).Network("::/0", Place.Uplink);
    }
}
