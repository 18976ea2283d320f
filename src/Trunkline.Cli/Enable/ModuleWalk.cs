using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;
using Trunkline.Operations.Cluster;
using Trunkline.Operations.Enable;
using Trunkline.Operations.Findings;
using Trunkline.Operations.Manifests;
using Trunkline.Operations.Objects;
using Trunkline.Operations.Reports;

namespace Trunkline.Cli.Enable;

/// <summary>One call of <c>enable</c> or <c>disable</c>: plan, question, change, proof.</summary>
internal sealed class ModuleWalk(IAnsiConsole console, TimeProvider time, ModuleCall call)
{
    private const int Failed = 1;
    private const int WrongCall = 2;
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private string Verb => call.Options.Off ? "disable" : "enable";

    public async Task<int> RunAsync(CancellationToken cancel)
    {
        if (call.From is { } archive)
        {
            return DryRun(ModulePlan.Of(await ArchiveObjects.ReadAsync(archive, null, cancel), call.Options));
        }

        using var api = new ClusterApi(call.Target);
        var plan = ModulePlan.Of(await LiveObjects.ReadAsync(api, ModulePlan.Kinds, null, null, cancel), call.Options);
        return call.DryRun ? DryRun(plan) : await ChangeAsync(api, plan, cancel);
    }

    private int DryRun(ModulePlan plan)
    {
        switch (call.Format)
        {
            case ModuleFormat.Yaml:
                Console.Out.Write(ManifestWriter.Write(plan.Creates));
                break;
            case ModuleFormat.Json:
                Write(plan, null);
                break;
            default:
                Print(plan);
                break;
        }

        return Blocked(plan) ? Failed : 0;
    }

    private async Task<int> ChangeAsync(ClusterApi api, ModulePlan plan, CancellationToken cancel)
    {
        if (call.Format == ModuleFormat.Text)
        {
            Print(plan);
        }

        if (Blocked(plan) && !call.Force)
        {
            return Refuse(plan, "nothing was changed: remove the errors above first, or go on in spite of them with --force.", Failed);
        }

        var changes = plan.Creates.Count > 0 || plan.Deletes.Count > 0;
        if (changes && plan.Method != ModuleMethod.NodePool && !call.Yes)
        {
            if (Console.IsInputRedirected || !console.Profile.Capabilities.Interactive)
            {
                return Refuse(plan, $"nothing was changed: this is no terminal on which to ask; say --yes to {Verb}, or --dry-run to look only.", WrongCall);
            }

            if (!await console.ConfirmAsync("Do that?", defaultValue: false, cancel))
            {
                return Refuse(plan, "nothing was changed.", Failed);
            }
        }

        var result = await CarryOutAsync(api, plan, cancel);
        if (call.Format == ModuleFormat.Json)
        {
            Write(plan, result);
        }
        else
        {
            Print(result, plan);
        }

        return result.Succeeded ? 0 : Failed;
    }

    private Task<ModuleResult> CarryOutAsync(ClusterApi api, ModulePlan plan, CancellationToken cancel)
    {
        Task<ModuleResult> Run(IModuleObserver observer) => new ModuleRun(api, time, observer).RunAsync(plan, call.Timeout ?? Patience(plan), cancel);
        return call.Format == ModuleFormat.Json || Console.IsOutputRedirected || !console.Profile.Capabilities.Interactive
            ? Run(new PlainModuleView(call.Format == ModuleFormat.Json ? Console.Error : Console.Out, time))
            : LiveModuleView.RunAsync(console, time, Run);
    }

    // Draining and booting bare metal takes its quarter of an hour; nodes that go together wait together.
    private static TimeSpan Patience(ModulePlan plan) =>
        TimeSpan.FromMinutes(15 * Math.Max(2, plan.Pools.Where(pool => !pool.Done).Select(pool => 1 + ((pool.Nodes.Count + pool.AtOnce - 1) / pool.AtOnce)).DefaultIfEmpty(1).Max()));

    private static bool Blocked(ModulePlan plan) => plan.Obstacles.Any(finding => finding.Severity == Severity.Error);

    private int Refuse(ModulePlan plan, string words, int exit)
    {
        if (call.Format == ModuleFormat.Json)
        {
            Write(plan, new ModuleResult(words, []));
        }

        Console.Error.WriteLine($"trunkline: {words}");
        return exit;
    }

    private static void Print(ModulePlan plan)
    {
        foreach (var line in ModulePlanText.Lines(plan))
        {
            Console.Out.WriteLine(Shown(line));
        }
    }

    private void Print(ModuleResult result, ModulePlan plan)
    {
        foreach (var proof in result.Proofs)
        {
            Console.Out.WriteLine(Shown($"{proof.Node}: {proof.State.ToString().ToLowerInvariant()} ({proof.Evidence})"));
        }

        if (result.Failure is { } failure)
        {
            Console.Error.WriteLine($"trunkline: {Shown(failure)}");
        }
        else
        {
            Console.Out.WriteLine($"SCTP is {(call.Options.Off ? "off" : "on")}, proven on {(plan.Nodes.Count == 1 ? "1 node" : $"{plan.Nodes.Count} nodes")}");
        }
    }

    private void Write(ModulePlan plan, ModuleResult? result)
    {
        var document = new JsonObject
        {
            ["apiVersion"] = FindingsJson.ApiVersion,
            ["kind"] = call.Options.Off ? "DisableReport" : "EnableReport",
            ["dryRun"] = result is null,
            ["plan"] = ModulePlanText.ToJson(plan),
            ["result"] = result?.ToJson(),
        };
        Console.Out.WriteLine(document.ToJsonString(s_indented));
    }

    // Names come from the cluster: what would move a terminal's cursor is shown, not obeyed.
    private static string Shown(string text) => string.Concat(text.Select(c => char.IsControl(c) ? $"\\x{(int)c:x2}" : c.ToString()));
}
