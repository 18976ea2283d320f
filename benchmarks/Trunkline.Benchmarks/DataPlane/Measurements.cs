namespace Trunkline.Benchmarks.DataPlane;

/// <summary>All that is measured of the data plane, in the order of the goals.</summary>
internal sealed class Measurements(Report report, string? only)
{
    private static readonly (string Name, Func<Report, CancellationToken, Task> Run)[] s_all =
    [
        ("load", LoadRows.RunAsync),
        ("spread", SpreadRows.RunAsync),
        ("change", ChangeRows.RunAsync),
        ("first-packet", FirstPacketRows.RunAsync),
        ("throughput", ThroughputRows.RunAsync),
        ("policies", PolicyRows.RunAsync),
        ("evaluator", EvaluatorRows.RunAsync),
        ("heap", MemoryRows.RunHeapAsync),
        ("memory", MemoryRows.RunAsync),
    ];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var (name, run) in s_all.Where(item => only is null || item.Name.Contains(only, StringComparison.OrdinalIgnoreCase)))
        {
            Report.Say($"-- {name}");
            await run(report, cancellationToken);
        }
    }
}
