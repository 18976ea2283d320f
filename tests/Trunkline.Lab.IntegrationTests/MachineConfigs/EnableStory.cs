using System.Text.Json.Nodes;
using Trunkline.Lab.IntegrationTests.Support;
using Xunit;

namespace Trunkline.Lab.IntegrationTests.MachineConfigs;

/// <summary>The switch as an administrator uses it: off, on and proven on every worker, nothing to do, off again and proven.</summary>
internal static class EnableStory
{
    private static readonly string[] s_workers = ["worker-0", "worker-1"];

    public static async Task WalkAsync(string kubeconfig, WorkerPool pool)
    {
        var (refused, _) = await CallAsync(kubeconfig, "enable", "--output", "json");
        Assert.Equal(2, refused); // nobody is there to be asked
        await StandsAsync(pool, "off");

        await ProvenAsync(kubeconfig, "enable", "Loaded", changes: true);
        await StandsAsync(pool, "loaded");
        var boots = await pool.BootIdsAsync();
        await ProvenAsync(kubeconfig, "enable", "Loaded", changes: false);
        Assert.Equal(boots, await pool.BootIdsAsync());

        await ProvenAsync(kubeconfig, "disable", "Off", changes: true);
        await StandsAsync(pool, "off");
    }

    private static async Task ProvenAsync(string kubeconfig, string verb, string state, bool changes)
    {
        var (exit, report) = await CallAsync(kubeconfig, verb, "--yes", "--output", "json", "--timeout", "5m");
        Assert.True(exit == 0, report.ToJsonString());
        Assert.Equal("Lab", (string)report["plan"]!["platform"]!["kind"]!);
        Assert.Equal(!changes, (bool)report["plan"]!["nothingToDo"]!);
        var proofs = report["result"]!["proofs"]!.AsArray();
        Assert.Equal(s_workers, proofs.Select(proof => (string)proof!["node"]!));
        Assert.All(proofs, proof => Assert.Equal(state, (string)proof!["state"]!));
    }

    private static async Task StandsAsync(WorkerPool pool, string module)
    {
        foreach (var worker in s_workers)
        {
            Assert.Equal(module, await pool.ModuleAsync(worker));
        }
    }

    private static async Task<(int Exit, JsonNode Report)> CallAsync(string kubeconfig, params string[] arguments)
    {
        var call = await RunningLab.Trunkline([.. arguments, "--kubeconfig", kubeconfig]);
        return (call.ExitCode, JsonNode.Parse(call.Output)!);
    }
}
